package roster.core.provisioning;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// A person, what was made of them to show them, and which requests change nothing about them.
public final class KnownPerson {
    /// The most requests that are remembered: directories that send the same again and again send few different ones.
    private static final int UNCHANGING_MAX = 4;

    private final ProvisionedUser person;
    private volatile Object made;

    /// The newest is first.
    private volatile List<RequestDigest> unchanging = List.of();

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

    /// Whether a request is known to change nothing.
    boolean isUnchangedBy(RequestDigest request) {
        return unchanging.contains(request);
    }

    /// Notes that a request changes nothing about just this person, while the roles are those that the person was read with.
    /// Of two that are noted at the same time one may be forgotten.
    void noteUnchangedBy(RequestDigest request) {
        if (!isUnchangedBy(request)) {
            unchanging = Stream.concat(Stream.of(request), unchanging.stream().limit(UNCHANGING_MAX - 1)).toList();
        }
    }
}
