package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.Query;
import roster.base.http.Response;
import roster.core.Kernel;
import roster.core.audit.Creations;
import roster.core.audit.TrailOfUser;
import roster.core.directory.DirectoryFeature;
import roster.core.directory.PeopleWords;
import roster.core.index.PackedUser;
import roster.core.index.PeopleFilter.Kind;
import roster.core.index.PeopleQuery;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleRequest.Place;
import roster.core.key.KeyReach;
import roster.core.key.KeyUse;
import roster.core.permission.Catalogue;
import roster.core.role.Holdings;
import roster.core.role.Roles;
import roster.core.user.History;
import roster.core.user.Users;
import roster.door.web.console.PersonHead.Tab;
import roster.door.web.console.PersonPage.RoleLine;
import roster.door.web.console.ServiceAccountPage.Account;
import roster.door.web.console.ServiceAccountPage.AccountKeys;
import roster.door.web.console.ServiceAccountsShown.Found;
import roster.model.Permission;
import roster.model.User;

/// `/console/service-accounts`: the list of service accounts, and the pages about one.
public final class ServiceAccountPages {
    static final String PATH = "/console/service-accounts";
    static final String ACCOUNT = PATH + "/{id}";
    static final String KEYS = ACCOUNT + "/keys";
    static final String HISTORY = ACCOUNT + "/history";

    /// The parameters of the list, in order.
    static final List<String> ORDER = List.of("q", "status", "role", "sort");

    private static final Needs TRAIL = Needs.sessionOf(Permission.AUDIT_LOGS_READ);

    private final DirectoryFeature directory;
    private final Users users;
    private final Roles roles;
    private final History history;
    private final Catalogue catalogue;
    private final PersonKeys keys;
    private final ServiceAccountNewPages news;

    ServiceAccountPages(Kernel kernel, ConsoleDoor.Rooms rooms, FormIds ids) {
        directory = rooms.directory();
        users = rooms.user().users;
        roles = rooms.role().roles;
        history = rooms.user().history;
        catalogue = kernel.catalogue();
        keys = new PersonKeys(rooms.key());
        news = new ServiceAccountNewPages(kernel.db(), rooms, ids);
    }

    void addTo(Console.Pages pages) {
        var write = Needs.sessionOf(Permission.SERVICE_ACCOUNT_WRITE);
        pages.get(PATH, Needs.sessionOf(Permission.USER_ACCESS_READ), this::list)
            .get(ACCOUNT, write, visit -> page(visit, "web/console/service-account.jte", this::account))
            .get(KEYS, write, visit -> page(visit, "web/console/service-account-keys.jte", this::keys))
            .get(HISTORY, TRAIL,
                visit -> page(visit, "web/console/person-history.jte", (_, tx, user) -> UserTrail.of(visit, tx, history,
                    user, head(visit, tx, user, HISTORY), HISTORY)));
        news.addTo(pages);
    }

    /// What an address asks for.
    ///
    /// @param address canonical
    /// @param fault of the search; empty: none
    record Asked(ListAddress address, PeopleQuery query, Place place, String typed, String fault) {}

    private Response list(Visit visit) {
        PeoplePages.keepRows(visit);
        var asked = asked(visit, visit.request().query());
        if (!visit.isPart() && asked.fault().isEmpty() && !asked.address().isOf(visit.request().query())) {
            return visit.moved(asked.address());
        }
        var request = new PeopleRequest(asked.query(), asked.place(), visit.viewer().preference().rows(),
            visit.times().now(), visit.viewer().zone());
        var found = directory.directory.read(visit.caller(), view -> Found.of(view,
            directory.people.list(view, visit.caller().org(), request), asked.query()));
        var shown = new ServiceAccountsShown(visit, asked, visit.read(tx -> with(visit, tx, found)));
        var status = asked.fault().isEmpty() ? 200 : 422;
        return visit.isPart()
            ? visit.page(status, "web/console/service-accounts-part.jte", shown.page()).with("HX-Replace-Url",
                visit.link().to(asked.address()).orElseThrow())
            : visit.page(status, "web/console/service-accounts.jte", shown.page());
    }

    /// Keys, and who created the accounts, for those who may see that.
    private static Found with(Visit visit, Tx tx, Found found) {
        var org = visit.caller().org();
        var ids = found.list().users().stream().map(PackedUser::user).map(User::id).toList();
        return found.with(KeyReach.reading(visit.caller()).coversServiceAccounts()
            ? Optional.of(KeyUse.of(tx, org, ids)) : Optional.empty(),
            TRAIL.areMetBy(visit.caller()) ? Optional.of(Creations.of(tx, org, ids)) : Optional.empty());
    }

    private Asked asked(Visit visit, Query sent) {
        var address = ListAddress.of(PATH, ORDER, sent);
        var typed = address.value("q").orElse("");
        var tooLong = PeopleQuery.isTooLong(typed);
        var words = tooLong ? address.without("q") : address;
        var query = PeopleWords.read(words::value, Kind.SERVICE);
        var place = directory.people.place(visit.caller().org(), query, words.value(ListAddress.AFTER),
            words.value(ListAddress.BEFORE));
        var canonical = new ListAddress(PATH, ORDER, PeopleWords.of(query, Kind.SERVICE));
        return new Asked(switch (place) {
            case Place.First _ -> canonical;
            case Place.End _ -> canonical.at(ListAddress.BEFORE, ListAddress.END);
            case Place.After _ -> canonical.at(ListAddress.AFTER, words.value(ListAddress.AFTER).orElseThrow());
            case Place.Before _ -> canonical.at(ListAddress.BEFORE, words.value(ListAddress.BEFORE).orElseThrow());
        }, query, place, typed, tooLong ? "Search for at most %d characters.".formatted(PeopleQuery.TEXT_MAX) : "");
    }

    private interface Model {
        Object of(Visit visit, Tx tx, User account);
    }

    /// A page about an account; a person has pages of their own.
    private Response page(Visit visit, String template, Model model) {
        visit.viewer();
        return visit.read(tx -> {
            var user = users.named(tx, visit.caller().org(), visit.request().pathText("id"));
            return user.serviceAccount() ? Optional.of(model.of(visit, tx, user)) : Optional.empty();
        }).map(shown -> visit.page(template, shown)).orElseGet(
            () -> visit.goOn(PersonPages.PATH.replace("{id}", visit.request().pathText("id"))));
    }

    private PersonHead head(Visit visit, Tx tx, User user, String current) {
        var name = Persons.name(user);
        var tabs = new ArrayList<Tab>();
        for (var route : List.of(ACCOUNT, KEYS, HISTORY)) {
            visit.link().to(route, user.id()).ifPresent(href -> tabs.add(new Tab(label(route), switch (route) {
                case KEYS -> Words.number(keys.count(tx, user));
                case HISTORY -> Persons.counted(TrailOfUser.count(tx, user.org(), user.id()));
                default -> "";
            }, href, route.equals(current))));
        }
        return new PersonHead(visit.shell(Section.SERVICE_ACCOUNTS,
            current.equals(ACCOUNT) ? name : label(current) + " · " + name), user.id().toString(), name,
            Optional.of(user.email()).filter(email -> !email.equals(name))
                .map(email -> Marked.of(email, Optional.empty())),
            Avatar.machine(), Optional.of(user.status()), false, false,
            visit.link().to(PATH).map(href -> new Back(href, "Service accounts")), tabs, Persons.acts(visit, user));
    }

    private static String label(String route) {
        return switch (route) {
            case KEYS -> "Keys";
            case HISTORY -> "History";
            default -> "Profile";
        };
    }

    private Account account(Visit visit, Tx tx, User user) {
        var held = roles.all(tx, user.org(), user.roles());
        var holdings = new Holdings(catalogue, held);
        var use = KeyUse.of(tx, user.org(), List.of(user.id())).getOrDefault(user.id(), KeyUse.NONE);
        var trail = visit.link().to(HISTORY, user.id());
        return new Account(head(visit, tx, user, ACCOUNT),
            held.stream().map(role -> new RoleLine(role.name(), visit.link().to(RolePages.ROLE, role.id()), "",
                Words.counted(holdings.count(role), "permission"))).toList(),
            visit.link().to(EditPages.ROLES, user.id()), Words.counted(use.keys(), "key"),
            visit.link().to(KEYS, user.id()).orElseThrow(), use.lastUsedAt().map(visit.times()::brief),
            visit.times().full(user.createdAt()), visit.times().full(user.modifiedAt()),
            trail.flatMap(_ -> Optional.ofNullable(Creations.of(tx, user.org(), List.of(user.id()))
                .get(user.id().value()))).map(entry -> ServiceAccountsShown.maker(visit, entry)).orElse(""),
            user.email(), user.title().orElse(""), trail.map(href -> UserTrail.latest(visit, tx, history, user, href)));
    }

    private AccountKeys keys(Visit visit, Tx tx, User user) {
        var making = !user.disabled() && KeyReach.making(visit.caller()).covers(user);
        return new AccountKeys(head(visit, tx, user, KEYS), keys.shown(visit, tx, user, KeyOrigin.ACCOUNT),
            making ? KeyNewPages.forAccount(visit.link(), KeyTab.APPLICATION, user.id()) : Optional.empty(),
            making ? KeyNewPages.forAccount(visit.link(), KeyTab.TOKENS, user.id()) : Optional.empty());
    }
}
