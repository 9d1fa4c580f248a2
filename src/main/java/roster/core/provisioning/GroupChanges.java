package roster.core.provisioning;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.scim.Attributes;
import roster.base.scim.Patch;
import roster.base.scim.ResourceBody;
import roster.base.scim.Sent;
import roster.base.scim.SetEffect;
import roster.core.provisioning.ProvisionedGroups.Edit;
import roster.model.Caller;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// What requests of directories about groups come to. It is found out before a write as well as in it: one that changes nothing
/// writes nothing, and waits for no lock.
public final class GroupChanges {
    private static final String NAME = "displayName";
    private static final String EXTERNAL_ID = "externalId";
    private static final String MEMBERS = "members";

    private final Database db;
    private final ProvisionedGroups groups;
    private final MemberChanges members;

    GroupChanges(Database db, ProvisionedGroups groups, MemberChanges members) {
        this.db = db;
        this.groups = groups;
        this.members = members;
    }

    /// The group that a request is about.
    ///
    /// @param id as it was sent
    /// @param condition throws if the group is not to be changed as it is
    public record Asked(Caller caller, String id, Consumer<ProvisionedGroup> condition) {}

    /// @throws Refused as [ProvisionedGroups#create] does
    public ProvisionedGroup create(Caller caller, ResourceBody body) {
        var sent = body.attributes();
        return db.write(caller, tx -> groups.create(tx, name(sent), externalId(sent), members(sent)));
    }

    /// Puts what was sent in the place of what is known of a group. Members stay unless some are named, or none at all; the
    /// `externalId` stays unless it is there.
    ///
    /// @return the group as it is afterwards
    /// @throws Refused with [NotFound], by the condition, and as [ProvisionedGroups#change] does
    public ProvisionedGroup replace(Asked asked, ResourceBody body) {
        var sent = body.attributes();
        var how = body.how(MEMBERS);
        var named = how == Sent.VALUE ? new LinkedHashSet<>(members(sent)) : new LinkedHashSet<String>();
        var effect = new SetEffect(how == Sent.EMPTY || !named.isEmpty(), named, Set.of());
        return change(asked, (_, before) -> new Edit(name(sent),
            body.how(EXTERNAL_ID) == Sent.ABSENT ? before.role().externalId() : externalId(sent), effect));
    }

    /// Changes parts of a group, all or none of them, as [#replace] does.
    public ProvisionedGroup patch(Asked asked, Patch patch) {
        var sent = patch.translated(MEMBERS, typed -> Optional.of(id(typed)));
        return change(asked, (tx, before) -> {
            var after = sent.apply(Attributes.of(before.attributes()).without("meta", "id"));
            return new Edit(name(after), externalId(after), members.of(tx, before, sent.changes(MEMBERS)));
        });
    }

    /// @throws Refused with [NotFound], by the condition, and as [ProvisionedGroups#delete] does
    public void delete(Asked asked) {
        db.write(asked.caller(), tx -> {
            groups.delete(tx, found(tx, asked));
            return null;
        });
    }

    private ProvisionedGroup change(Asked asked, BiFunction<Tx, ProvisionedGroup, Edit> wish) {
        var same = db.read(tx -> Optional.of(found(tx, asked))
            .filter(group -> !groups.mayChange(tx, group, wish.apply(tx, group))));
        return same.orElseGet(() -> db.write(asked.caller(), tx -> {
            var group = found(tx, asked);
            return groups.change(tx, group, wish.apply(tx, group));
        }));
    }

    private ProvisionedGroup found(Tx tx, Asked asked) {
        var group = groups.named(tx, asked.caller().org(), asked.id());
        asked.condition().accept(group);
        return group;
    }

    private static String name(Attributes attributes) {
        return attributes.text(NAME).orElseThrow();
    }

    private static Optional<String> externalId(Attributes attributes) {
        return attributes.text(EXTERNAL_ID).filter(id -> !id.isEmpty());
    }

    private static List<String> members(Attributes attributes) {
        return attributes.elements(MEMBERS).stream().flatMap(one -> one.text("value").stream()).map(GroupChanges::id)
            .toList();
    }

    /// Ids are the same in upper and lower case.
    private static String id(String typed) {
        return typed.toLowerCase(Locale.ROOT);
    }
}
