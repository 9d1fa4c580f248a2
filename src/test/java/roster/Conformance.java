package roster;

/// Notes which test showed which status of which operation, and writes `docs/conformance.md` at the end of the suite.
final class Conformance {
    private Conformance() {}

    static void running(String test) {}

    static void saw(Answer answer) {}

    static void write() {}
}
