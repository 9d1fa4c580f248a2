package roster.core.provisioning;

import java.util.function.Function;

/// A person, and what was made of them to show them.
public final class KnownPerson {
    private final ProvisionedUser person;
    private volatile Object made;

    KnownPerson(ProvisionedUser person) {
        this.person = person;
    }

    public ProvisionedUser person() {
        return person;
    }

    /// What was made of the person before, or is made now.
    ///
    /// @param kind what it is; of all kinds, the last one is kept
    public <T> T made(Class<T> kind, Function<ProvisionedUser, T> making) {
        var there = made;
        if (!kind.isInstance(there)) {
            there = making.apply(person);
            made = there;
        }
        return kind.cast(there);
    }
}
