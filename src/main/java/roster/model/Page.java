package roster.model;

import java.util.List;

/// A page of a list, with the length of the list.
///
/// @param total number of entries, regardless of the filter
/// @param filtered number of entries that match the filter, over all pages
public record Page<T>(List<T> items, long total, long filtered) {}
