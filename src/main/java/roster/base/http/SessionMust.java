package roster.base.http;

/// What the session must be by which a route is called. Keys and tokens are not asked for it.
public enum SessionMust {
    /// Any, also one in which the second step of signing in is still missing.
    RUN,
    /// One that is let in.
    BE_COMPLETE,
    /// One in which a factor was shown not long ago: for what matters most.
    BE_FRESH,
    /// One in which the user may set up a second factor: fresh, but the second step may still be missing if the user has none.
    ENROL
}
