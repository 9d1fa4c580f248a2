package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.SessionMust;
import roster.core.directory.DirectoryFeature;
import roster.core.key.KeyReach;
import roster.core.org.OrgConfigs;
import roster.core.provisioning.DirectoryAccess;
import roster.core.provisioning.DirectoryRequests.Failed;
import roster.core.provisioning.ProvisioningFeature;
import roster.core.role.Roles;
import roster.core.user.Users;
import roster.door.web.console.SettingsForms.Besides;
import roster.door.web.console.SettingsPage.DirectoryLine;
import roster.door.web.console.SettingsPage.FailureLine;
import roster.door.web.console.SettingsPage.ManagedLine;
import roster.door.web.console.SettingsPage.OfProvisioning;
import roster.model.Email;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// `/console/settings/provisioning`: how a directory is connected, what it asked last and what failed; and the people and roles
/// that it looks after.
public final class ProvisioningPages {
    static final String PEOPLE = SettingsTab.PROVISIONING.path() + "/people";
    static final String GROUPS = SettingsTab.PROVISIONING.path() + "/groups";

    /// Below which directories call.
    static final String ADDRESS = "/scim/v2";
    private static final String COMPATIBLE = "/api/v2/scim";

    private static final Needs SEE = Needs.sessionOf(Permission.ORG_MANAGEMENT, Permission.USER_ACCESS_MANAGE);
    private static final Needs MANAGE = Needs.sessionOf(Permission.USER_ACCESS_MANAGE);
    private static final List<String> ORDER = List.of("from");
    private static final int ROWS = 50;

    private final SettingsForms forms;
    private final ProvisioningFeature provisioning;
    private final DirectoryFeature directory;
    private final OrgConfigs configs;
    private final Users users;
    private final Roles roles;

    ProvisioningPages(Database db, ConsoleDoor.Rooms rooms) {
        forms = new SettingsForms(db);
        provisioning = rooms.provisioning();
        directory = rooms.directory();
        configs = rooms.org().configs;
        users = rooms.user().users;
        roles = rooms.role().roles;
    }

    void addTo(Console.Pages pages) {
        pages.get(SettingsTab.PROVISIONING.path(), SEE,
            visit -> forms.show(visit, settings(visit), tx -> besides(visit, tx)))
            .add("POST", SettingsTab.PROVISIONING.path(), SettingsPages.CHANGE, SessionMust.BE_FRESH,
                SettingsPages.BYTES_MAX, visit -> forms.save(visit, settings(visit), tx -> besides(visit, tx)))
            .get(PEOPLE, MANAGE, this::people)
            .get(GROUPS, MANAGE, this::groups);
    }

    private ProvisioningSettings settings(Visit visit) {
        return new ProvisioningSettings(visit.caller(), configs, directory.directory.read(visit.caller(),
            view -> view.roles().stream().sorted(Roles.BY_NAME).toList()));
    }

    private Besides besides(Visit visit, Tx tx) {
        var org = visit.caller().org();
        var keys = provisioning.access.keys(tx, org);
        var failures = provisioning.requests.failures(tx, org);
        var people = provisioning.marks.people(tx, org);
        var groups = provisioning.marks.groups(tx, org);
        return new Besides(List.of(), new OfProvisioning(visit.absolute(ADDRESS), visit.absolute(COMPATIBLE),
            DirectoryAccess.isAllowed(visit.caller()) ? visit.link().to(DirectoryAccessPages.NEW) : Optional.empty(),
            keys.stream().allMatch(key -> key.seen().isEmpty()) && people + groups == 0,
            keys.stream().map(key -> line(visit, key)).toList(), lines(visit, tx, failures),
            List.of(new ManagedLine("people", Words.people(people), people == 0 ? Optional.empty()
                : visit.link().to(PEOPLE)),
                new ManagedLine("shield", Words.counted(groups, "role"), groups == 0 ? Optional.empty()
                    : visit.link().to(GROUPS)))));
    }

    private static DirectoryLine line(Visit visit, DirectoryAccess.Key key) {
        var owner = key.owner();
        var shown = KeyReach.reading(visit.caller()).covers(owner.id(), owner.service());
        return new DirectoryLine(shown ? key.name() : "", KeyWords.called(owner),
            shown ? visit.link().to(owner.service() ? ServiceAccountPages.KEYS : PersonPages.ACCESS, owner.id())
                : Optional.empty(),
            key.seen().map(seen -> visit.times().brief(seen.at())),
            key.seen().map(seen -> "%s %s: %d".formatted(seen.method(), seen.route(), seen.status())).orElse(""),
            key.seen().filter(seen -> seen.status() >= 400).isPresent(),
            key.seen().map(seen -> seen.agent()).orElse(""));
    }

    private List<FailureLine> lines(Visit visit, Tx tx, List<Failed> failures) {
        var org = visit.caller().org();
        var ids =
            failures.stream().flatMap(failed -> Id.parse(failed.failure().subject()).stream()).distinct().toList();
        var whom = Stream.concat(
            users.all(tx, org, ids.stream().map(User.Id::new).toList()).stream()
                .filter(user -> !Email.isAnonymous(user.email()))
                .map(user -> Map.entry(user.id().value(), Sentence.Part.name(Persons.name(user),
                    visit.link().to(PersonPages.PATH, user.id())))),
            roles.all(tx, org, ids.stream().map(Role.Id::new).toList()).stream()
                .map(role -> Map.entry(role.id().value(), Sentence.Part.name(role.name(),
                    visit.link().to(RolePages.ROLE, role.id())))))
            .filter(one -> one.getValue().href().isPresent())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return failures.stream().map(failed -> line(visit, failed, whom)).toList();
    }

    private static FailureLine line(Visit visit, Failed failed, Map<UUID, Sentence.Part> whom) {
        var kind = failed.failure().scimType();
        var often = failed.times() == 1 ? "" : ", %s times since %s".formatted(Words.number(failed.times()),
            visit.times().full(failed.first()).text());
        return new FailureLine(FailureWords.of(failed), Id.parse(failed.failure().subject())
            .flatMap(id -> Optional.ofNullable(whom.get(id))),
            "%s %s: %d%s%s".formatted(failed.method(), failed.route(), failed.status(),
                kind.isEmpty() ? "" : " " + kind, often),
            visit.times().brief(failed.last()));
    }

    /// People or roles that directories look after.
    ///
    /// @param known the heading of the column of what is known of each
    public record ManagedPage(SettingsHead head, Back back, String heading, String name, String known,
        List<Line> lines, List<Pager.Step> steps) {}

    /// @param status of people only
    public record Line(String name, Optional<String> href, String known, Optional<User.Status> status) {}

    private Response people(Visit visit) {
        return list(visit, PEOPLE, tx -> provisioning.marks.people(tx, visit.caller().org()), Words::people, "userName",
            (tx, from) -> provisioning.marks.people(tx, visit.caller().org(), from, ROWS).stream()
                .map(person -> new Line(
                    person.name(), visit.link().to(PersonPages.PATH, person.id()), person.userName(),
                    Optional.of(person.status())))
                .toList());
    }

    private Response groups(Visit visit) {
        return list(visit, GROUPS, tx -> provisioning.marks.groups(tx, visit.caller().org()),
            count -> Words.counted(count, "role"), "Members",
            (tx, from) -> provisioning.marks.groups(tx, visit.caller().org(), from, ROWS).stream()
                .map(group -> new Line(
                    group.name(), visit.link().to(RolePages.ROLE, group.id()), Words.number(group.members()),
                    Optional.empty()))
                .toList());
    }

    private interface Lines {
        List<Line> from(Tx tx, long skipped);
    }

    private static Response list(Visit visit, String path, Function<Tx, Long> counting, Function<Long, String> counted,
        String known, Lines lines) {
        visit.viewer();
        var address = ListAddress.of(path, ORDER, visit.request().query());
        var from = from(address);
        return visit.read(tx -> {
            long count = counting.apply(tx);
            var steps = new ArrayList<>(Pager.counted(from, ROWS, count, at -> visit.link().to(
                address.with("from", at == 0 ? "" : Long.toString(at)))));
            return visit.page("web/console/provisioned.jte", new ManagedPage(
                SettingsTab.PROVISIONING.head(visit, false),
                new Back(visit.link().to(SettingsTab.PROVISIONING.path()).orElseThrow(), "Provisioning"),
                counted.apply(count) + " from a directory", path.equals(PEOPLE) ? "Person" : "Role", known,
                lines.from(tx, from), steps));
        });
    }

    private static long from(ListAddress address) {
        var sent = address.value("from").orElse("0");
        if (!sent.matches("[0-9]{1,9}") || Long.parseLong(sent) % ROWS != 0) {
            throw new Refused(new BadParameter("from"));
        }
        return Long.parseLong(sent);
    }
}
