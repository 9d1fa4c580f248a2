package roster.model;

/// A page to read.
///
/// @param size entries per page, at least 1
/// @param number of the page, counted from 0
public record Paging(int size, long number) {
    /// The number of rows before the page.
    public long offset() {
        return size * number;
    }
}
