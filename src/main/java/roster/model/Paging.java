package roster.model;

/// Which page of a list is wanted.
///
/// @param size from 1
/// @param number from 0
public record Paging(int size, long number) {
    /// How many rows come before the page.
    public long offset() {
        return size * number;
    }
}
