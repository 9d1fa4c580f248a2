package roster.door.web.console;

/// What a field was, and is.
public record Difference(String field, String was, String is) {}
