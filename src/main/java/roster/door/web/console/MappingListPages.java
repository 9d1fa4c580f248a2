package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.SessionMust;
import roster.core.identity.AuthnMappings;
import roster.core.identity.AuthnMappings.Mapping;
import roster.core.identity.AuthnMappings.MappingId;
import roster.core.identity.MappedRoles;
import roster.core.org.OrgConfig;
import roster.core.role.Roles;
import roster.door.web.console.SettingsForms.Besides;
import roster.door.web.console.SettingsPage.MappingLine;
import roster.door.web.console.SettingsPage.Mappings;
import roster.door.web.console.SettingsPage.OfMappings;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;

/// `/console/settings/mappings`: which roles people get by what their provider says of them, and what becomes of them.
public final class MappingListPages {
    private static final List<String> ORDER = List.of("q", "from");
    private static final int ROWS = 50;
    private static final int TEXT_MAX = 200;

    private final SettingsForms forms;
    private final AuthnMappings mappings;
    private final MappedRoles mapped;
    private final Roles roles;
    private final ConfigSettings settings;

    MappingListPages(Database db, ConsoleDoor.Rooms rooms) {
        forms = new SettingsForms(db);
        mappings = rooms.identity().authnMappings;
        mapped = rooms.identity().mapped;
        roles = rooms.role().roles;
        settings = new ConfigSettings(SettingsTab.MAPPINGS, new ConfigFields(rooms.org().configs)
            .with(OrgConfig.AUTHN_MAPPINGS, "When people sign in by a provider", "Roles of mappings",
                "Roles that were given by hand stay in the first and the last case.",
                SettingField.choice("Come and go with what the provider says", "own",
                    "Replace all other roles; people without one are not let in", "replace", "Do not apply", "off")));
    }

    void addTo(Console.Pages pages) {
        pages.get(SettingsTab.MAPPINGS.path(), Needs.Simple.SESSION,
            visit -> forms.show(visit, settings, tx -> besides(visit, tx)))
            .add("POST", SettingsTab.MAPPINGS.path(), SettingsPages.CHANGE, SessionMust.BE_FRESH,
                SettingsPages.BYTES_MAX, visit -> forms.save(visit, settings, tx -> besides(visit, tx)));
    }

    private Besides besides(Visit visit, Tx tx) {
        var address = ListAddress.of(SettingsTab.MAPPINGS.path(), ORDER, visit.request().query());
        var query = address.value("q").filter(text -> text.length() <= TEXT_MAX);
        var from = from(address);
        var page = mappings.list(tx, visit.caller().org(), query, AuthnMappings.Sort.KEY, false,
            new Paging(ROWS, from / ROWS));
        var names = roles.all(tx, visit.caller().org(), page.items().stream().map(Mapping::role).toList()).stream()
            .collect(Collectors.toMap(Role::id, Role::name, (one, _) -> one));
        var silent = mapped.silent(tx, visit.caller().org(), page.items());
        return new Besides(List.of(), new OfMappings(new Mappings(heading(page, query),
            page.items().stream().map(one -> line(visit, one, names, silent)).toList(),
            visit.link().to(MappingPages.NEW), visit.link().to(SettingsTab.MAPPINGS.path()).orElseThrow(),
            query.orElse(""), Pager.counted(from, ROWS, page.filtered(), at -> visit.link().to(
                address.with("from", at == 0 ? "" : Long.toString(at)))))));
    }

    private static long from(ListAddress address) {
        var sent = address.value("from").orElse("0");
        if (!sent.matches("[0-9]{1,9}") || Long.parseLong(sent) % ROWS != 0) {
            throw new Refused(new BadParameter("from"));
        }
        return Long.parseLong(sent);
    }

    private static String heading(Page<Mapping> page, Optional<String> query) {
        var found = page.filtered();
        return query.map(text -> (found == 0 ? "No role mapping matches" : found == 1 ? "1 role mapping matches"
            : Words.number(found) + " role mappings match") + " “" + text + "”")
            .orElseGet(() -> Words.counted(found, "role mapping"));
    }

    private static MappingLine line(Visit visit, Mapping one, Map<Role.Id, String> names, Set<MappingId> silent) {
        return new MappingLine(MappingPages.tag(one), one.attribute().key(), one.attribute().value(),
            names.getOrDefault(one.role(), ""),
            visit.link().to(RolePages.ROLE, one.role()), visit.times().brief(one.modifiedAt()),
            silent.contains(one.id()), visit.link().post(MappingPages.CONFIRM, one.id().value()),
            visit.link().to(MappingPages.EDIT, one.id().value()),
            visit.link().to(MappingPages.DELETE, one.id().value()));
    }
}
