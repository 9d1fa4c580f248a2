package roster.door.scim;

/// What a request may ask for, as the service provider's configuration tells it.
final class Bounds {
    /// Of the body of a request, in bytes.
    static final int BODY = 1 << 20;

    /// The same of requests about groups, which may have many members, and of bulk requests.
    static final int LARGE_BODY = 8 << 20;

    /// A body of [#BODY] may have as many names, values and brackets as one of this length: 10,000 operations of a PATCH have twice
    /// as many as other bodies may.
    static final int DENSE_BODY = 4 << 20;

    /// Operations of a bulk request.
    static final int OPERATIONS = 1000;

    /// Resources of a page, and those of a request that does not say.
    static final int PAGE = 1000;
    static final int USUAL_PAGE = 100;

    private Bounds() {}
}
