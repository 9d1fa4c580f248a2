package roster.model;

import java.util.List;

/// A page of a list, and how long the list is.
///
/// @param total all there are, whatever the filter
/// @param filtered those that the filter lets through, over all pages
public record Page<T>(List<T> items, long total, long filtered) {}
