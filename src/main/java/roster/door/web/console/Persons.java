package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.base.http.Response;
import roster.core.audit.TrailOfUser;
import roster.core.invitation.InvitationList;
import roster.core.session.Sessions;
import roster.core.user.Editing;
import roster.core.user.History.Cause;
import roster.core.user.Users;
import roster.door.web.console.PersonHead.Act;
import roster.door.web.console.PersonHead.Tab;
import roster.model.Email;
import roster.model.Org;
import roster.model.User;

/// What all pages about a person have in common: who they are, what can be done, and which pages there are. Service accounts
/// have pages of their own.
final class Persons {
    static final String FROM = "from";

    /// The longest address of a list that is led back to, in characters.
    private static final int FROM_MAX = 1000;

    private final Users users;
    private final Sessions sessions;
    private final PersonKeys keys;
    private final InvitationList invitations;

    Persons(ConsoleDoor.Rooms rooms) {
        users = rooms.user().users;
        sessions = rooms.session().sessions;
        keys = new PersonKeys(rooms.key());
        invitations = rooms.invitation().list;
    }

    /// A page about the person whose id is in the address.
    ///
    /// @param model reads what the template shows, all of it as of one moment
    Response page(Visit visit, String template, BiFunction<Tx, User, Object> model) {
        return page(visit, 200, template, model);
    }

    Response page(Visit visit, int status, String template, BiFunction<Tx, User, Object> model) {
        visit.viewer(); // a read of its own, before this one
        return visit.read(tx -> {
            var user = named(visit, tx);
            return user.serviceAccount() ? Optional.<Object>empty() : Optional.of(model.apply(tx, user));
        }).map(shown -> visit.page(status, template, shown)).orElseGet(() -> elsewhere(visit));
    }

    /// The page of an act, which is for service accounts too.
    ///
    /// @throws roster.model.Refused with Forbidden if the caller may not change the user
    Response act(Visit visit, int status, String template, BiFunction<Tx, User, Object> model) {
        visit.viewer();
        return visit.page(status, template, visit.read(tx -> {
            var user = named(visit, tx);
            Editing.mustBeAllowed(visit.caller(), user);
            return model.apply(tx, user);
        }));
    }

    /// The page of a user, without the path of the public URL.
    static String path(User user) {
        return home(user).replace("{id}", user.id().toString());
    }

    private static String home(User user) {
        return user.serviceAccount() ? ServiceAccountPages.ACCOUNT : PersonPages.PATH;
    }

    /// The same, as pages lead to it: the list, for those who may not open it.
    static String href(Visit visit, User user) {
        return visit.link().to(home(user), user.id())
            .orElseGet(() -> visit.link().to(ServiceAccountPages.PATH).orElseThrow());
    }

    static Section section(User user) {
        return user.serviceAccount() ? Section.SERVICE_ACCOUNTS : Section.PEOPLE;
    }

    /// The user whose id is in the address.
    User named(Visit visit, Tx tx) {
        return users.named(tx, visit.caller().org(), visit.request().pathText("id"));
    }

    /// To the page of a service account.
    static Response elsewhere(Visit visit) {
        return visit.goOn("/console/service-accounts/" + visit.request().pathText("id"));
    }

    /// Whether a user is the one who asks.
    static boolean isSelf(Visit visit, User user) {
        return visit.caller().user().filter(user.id()::equals).isPresent();
    }

    /// What users who caused something are called; those who were anonymised are missing.
    Map<UUID, String> names(Tx tx, Org.Id org, Collection<Cause> causes) {
        var ids = causes.stream().flatMap(cause -> cause.by().stream()).distinct().map(User.Id::new).toList();
        return users.all(tx, org, ids).stream().filter(user -> !Email.isAnonymous(user.email()))
            .collect(Collectors.toMap(user -> user.id().value(), Persons::name));
    }

    /// What a person is called.
    static String name(User user) {
        return Email.isAnonymous(user.email()) ? Words.capital(Sentences.ANONYMISED)
            : user.name().filter(name -> !name.isBlank()).orElse(user.email());
    }

    /// @param current the route of the page
    /// @param permissions how many the person holds
    PersonHead head(Visit visit, Tx tx, User user, String current, int permissions) {
        var anonymous = Email.isAnonymous(user.email());
        var name = name(user);
        var title = current.equals(PersonPages.PATH) ? name : tab(current) + " · " + name;
        return new PersonHead(visit.shell(Section.PEOPLE, title), user.id().toString(), name,
            Optional.of(user.email()).filter(email -> !anonymous && !email.equals(name))
                .map(email -> Marked.of(email, Optional.empty())),
            Avatar.of(user.id().value(), Optional.of(name), user.email()), Optional.of(user.status()),
            user.secondFactor(),
            isSelf(visit, user), Back.toPeople(visit),
            tabs(visit, tx, user, current, permissions), anonymous ? List.of() : acts(visit, user));
    }

    private static String tab(String route) {
        return switch (route) {
            case PersonPages.PERMISSIONS, PersonPermissionPages.WHY -> "Permissions";
            case PersonPages.INVITATIONS -> "Invitations";
            case PersonPages.ACCESS -> "Sessions and keys";
            case PersonPages.HISTORY -> "History";
            default -> "Profile";
        };
    }

    private List<Tab> tabs(Visit visit, Tx tx, User user, String current, int permissions) {
        var tabs = new ArrayList<Tab>();
        for (var route : List.of(PersonPages.PATH, PersonPages.PERMISSIONS, PersonPages.INVITATIONS,
            PersonPages.ACCESS, PersonPages.HISTORY)) {
            visit.link().to(route, user.id()).ifPresent(href -> tabs.add(new Tab(tab(route), switch (route) {
                case PersonPages.PERMISSIONS -> Words.number(permissions);
                case PersonPages.INVITATIONS -> Words.number(invitations.count(tx, user.org(), user.id()));
                case PersonPages.ACCESS -> Words.number(access(visit, tx, user));
                case PersonPages.HISTORY -> counted(TrailOfUser.count(tx, user.org(), user.id()));
                default -> "";
            }, href + query(visit, ""), current.equals(route)
                || route.equals(PersonPages.PERMISSIONS) && current.equals(PersonPermissionPages.WHY))));
        }
        return tabs;
    }

    /// `38`, or `1,000+`.
    static String counted(long entries) {
        return entries > TrailOfUser.COUNTED_MAX ? Words.number(TrailOfUser.COUNTED_MAX) + "+" : Words.number(entries);
    }

    /// How many sessions and keys there are of those that the caller may see.
    private long access(Visit visit, Tx tx, User user) {
        var seen = visit.link().post(PersonPages.ACCESS, user.id()).isPresent()
            ? sessions.of(tx, user.org(), user.id()).size() : 0L;
        return PersonKeys.areReadable(visit.caller(), user) ? seen + keys.count(tx, user) : seen;
    }

    static List<Act> acts(Visit visit, User user) {
        var acts = new ArrayList<Act>();
        act(visit, user, EditPages.EDIT, "Edit", "pencil", "").ifPresent(acts::add);
        act(visit, user, EditPages.ROLES, "Change roles", "shield", "").ifPresent(acts::add);
        if (user.status() == User.Status.PENDING) {
            visit.link().to(new ListAddress("/console/invite", List.of("who"), Map.of("who", user.email())))
                .map(href -> new Act("Send invitation", "plane", "", href)).ifPresent(acts::add);
        }
        (user.disabled() ? act(visit, user, EditPages.ENABLE, "Enable", "check", "")
            : act(visit, user, EditPages.DISABLE, "Disable", "ban", "danger")).ifPresent(acts::add);
        return acts;
    }

    private static Optional<Act> act(Visit visit, User user, String route, String label, String icon, String kind) {
        return Editing.isAllowed(visit.caller(), user)
            ? visit.link().to(route, user.id()).map(href -> new Act(label, icon, kind, href)) : Optional.empty();
    }

    /// The query of an address of a page about a person: they hand on to each other which list led here.
    ///
    /// @param query what else it says, such as `page=2`; empty: nothing
    static String query(Visit visit, String query) {
        var all = Stream.of(query, visit.request().query().first(FROM).filter(from -> from.length() <= FROM_MAX)
            .map(from -> FROM + "=" + Link.encoded(from)).orElse("")).filter(part -> !part.isEmpty())
            .collect(Collectors.joining("&"));
        return all.isEmpty() ? "" : "?" + all;
    }
}
