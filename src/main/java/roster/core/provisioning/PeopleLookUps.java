package roster.core.provisioning;

import java.util.List;
import java.util.Optional;
import roster.model.Caller;

/// Finds people by their keys in the memory of this node: who may have one from [PeopleNames], and who they are from
/// [KnownPeople], both at just the state that the caller's request was let in at.
final class PeopleLookUps {
    /// More than this, which external ids that many share may find, are left to the database.
    private static final int FOUND_MAX = 100;

    private final PeopleNames names;
    private final KnownPeople known;

    PeopleLookUps(PeopleNames names, KnownPeople known) {
        this.names = names;
        this.known = known;
    }

    /// @return none if memory cannot tell
    Optional<List<KnownPerson>> find(Caller caller, PersonKey key) {
        var texts = key.texts();
        return texts.isEmpty() ? Optional.empty()
            : names.find(caller, texts).filter(ids -> ids.size() <= FOUND_MAX).flatMap(ids -> known.all(caller, ids))
                .map(people -> people.stream().filter(one -> key.isOf(one.person())).toList());
    }
}
