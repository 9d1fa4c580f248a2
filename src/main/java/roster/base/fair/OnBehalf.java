package roster.base.fair;

import java.util.function.Supplier;

/// Whom the current thread works for. It is set once for each request, so that no query on the way can forget to say it.
///
/// That is an organisation, or the address of a client whose organisation is not known yet. What was not set is work of the
/// node itself and of its operator, which takes its turns as an organisation does.
public final class OnBehalf {
    private static final ScopedValue<Object> WHOM = ScopedValue.newInstance();
    private static final Object NODE = "the node";

    private OnBehalf() {}

    /// Does work for an organisation or an address.
    ///
    /// @param whom told apart by `equals`
    public static <T> T of(Object whom, Supplier<T> work) {
        return ScopedValue.where(WHOM, whom).call(work::get);
    }

    /// Whether it is work of the node itself, which asks all the time.
    static boolean isNode(Object whom) {
        return NODE.equals(whom);
    }

    static Object whom() {
        return WHOM.orElse(NODE);
    }
}
