package roster.core.overview;

import java.time.LocalDate;

/// A day of an organisation.
///
/// @param active,pending,disabled people at its end
/// @param signIns during it
public record OrgDay(LocalDate day, long active, long pending, long disabled, long signIns) {}
