package roster.core.event;

/// A type of events.
///
/// @param name the action in the trail
/// @param kind of what it is about
/// @param description one sentence, for the catalogue
public record EventType(String name, ObjectKind kind, String description) {}
