package roster.base.db;

/// Rows of an organisation by their keys, as SQL: each is looked up by its own, and once. OFFSET 0 keeps PostgreSQL to this:
/// where most organisations are small, it would rather look through all rows of one.
public final class ByKeys {
    private static final String FROM = """
         FROM (SELECT DISTINCT unnest(?::uuid[]) AS id) named
        CROSS JOIN LATERAL (SELECT * FROM %s WHERE org_id = ? AND %s = named.id OFFSET 0) %s
        """;

    private ByKeys() {}

    /// What a query reads, which takes a list of keys, and then the organisation.
    ///
    /// @param column of the keys
    /// @param name of the rows in the query
    public static String from(String table, String column, String name) {
        return FROM.formatted(table, column, name);
    }
}
