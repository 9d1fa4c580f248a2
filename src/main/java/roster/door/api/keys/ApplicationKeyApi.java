package roster.door.api.keys;

import static roster.model.Permission.ORG_APP_KEYS_READ;
import static roster.model.Permission.ORG_APP_KEYS_WRITE;
import static roster.model.Permission.SERVICE_ACCOUNT_WRITE;
import static roster.model.Permission.USER_APP_KEYS;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.base.jsonapi.Sorting;
import roster.core.key.ApplicationKeys;
import roster.core.key.ApplicationKeys.ApplicationKey;
import roster.core.key.Keys;
import roster.model.Problem.Mismatch;
import roster.model.User;

/// `/api/v2/current_user/application_keys`, the caller's own, `/api/v2/application_keys`, all of the organisation, and
/// those of a service account.
public final class ApplicationKeyApi {
    private static final int PAGE_MAX = 100;
    private static final String OWN = "/api/v2/current_user/application_keys";
    private static final String ALL = "/api/v2/application_keys";
    private static final String ACCOUNTS = "/api/v2/service_accounts/{service_account_id}/application_keys";
    private static final List<String> INCLUDABLE = List.of("owned_by");

    private final Database db;
    private final ApplicationKeys keys;
    private final KeyOwners owners;

    public ApplicationKeyApi(Database db, ApplicationKeys keys, KeyOwners owners) {
        this.db = db;
        this.keys = keys;
        this.owners = owners;
    }

    public void addTo(Routes routes) {
        routes.get(OWN, USER_APP_KEYS, request -> list(request, self(request)));
        routes.fresh().post(OWN, USER_APP_KEYS, request -> create(request,
            keys::issueOwn));
        routes.get(OWN + "/{app_key_id}", USER_APP_KEYS, request -> read(request, self(request)));
        routes.fresh().patch(OWN + "/{app_key_id}", USER_APP_KEYS, request -> update(request, self(request)));
        routes.delete(OWN + "/{app_key_id}", USER_APP_KEYS, request -> delete(request, self(request)));
        routes.get(ALL, ORG_APP_KEYS_READ, request -> list(request, Optional.empty()));
        routes.get(ALL + "/{app_key_id}", ORG_APP_KEYS_READ, request -> read(request, Optional.empty()));
        routes.fresh().patch(ALL + "/{app_key_id}", ORG_APP_KEYS_WRITE, request -> update(request, Optional.empty()));
        routes.delete(ALL + "/{app_key_id}", ORG_APP_KEYS_WRITE, request -> delete(request, Optional.empty()));
        addAccountsTo(routes);
    }

    /// The keys of a service account.
    private void addAccountsTo(Routes routes) {
        routes.get(ACCOUNTS, SERVICE_ACCOUNT_WRITE, request -> list(request, Optional.of(account(request).id())));
        routes.fresh().post(ACCOUNTS, SERVICE_ACCOUNT_WRITE, this::createOfAccount);
        routes.get(ACCOUNTS + "/{app_key_id}", SERVICE_ACCOUNT_WRITE, request -> {
            var owner = Optional.of(account(request).id());
            return Document.of(listed(db.read(tx -> keys.named(tx, request.caller().org(),
                request.pathText("app_key_id"), owner)), false)).answer(200);
        });
        routes.fresh().patch(ACCOUNTS + "/{app_key_id}", SERVICE_ACCOUNT_WRITE,
            request -> Document.of(listed(updated(request, Optional.of(account(request).id())), false)).answer(200));
        routes.delete(ACCOUNTS + "/{app_key_id}", SERVICE_ACCOUNT_WRITE,
            request -> delete(request, Optional.of(account(request).id())));
    }

    private User account(Request request) {
        return db.read(tx -> owners.serviceAccount(tx, request.caller().org(), request.pathText("service_account_id")));
    }

    private Response createOfAccount(Request request) {
        return create(request, (tx, wish) -> keys.issueFor(tx,
            owners.serviceAccount(tx, tx.org(), request.pathText("service_account_id")), wish));
    }

    /// Never empty: without an owner, the keys of all users would be meant.
    private static Optional<User.Id> self(Request request) {
        return Optional.of(request.caller().user().orElseThrow());
    }

    /// @param owner only theirs; none: all
    private Response list(Request request, Optional<User.Id> owner) {
        var query = request.query();
        var org = request.caller().org();
        var paging = PageParameters.paging(query, PAGE_MAX, PAGE_MAX);
        var sort = Sorting.of(query, ApplicationKeys.Sort.values(), "name");
        var filter = new ApplicationKeys.Filter(query.first("filter"), KeyParameters.span(query, "created_at"), owner);
        var included = !KeyParameters.include(query, INCLUDABLE).isEmpty();
        return db.read(tx -> {
            var page = keys.list(tx, org, filter, sort.by(), sort.descending(), paging);
            var people = new LinkedHashSet<User.Id>();
            if (included) {
                page.items().forEach(key -> people.add(key.owner()));
            }
            return Document.of(page.items().stream().map(key -> listed(key, owner.isEmpty() || included)).toList())
                .including(owners.resources(tx, org, people))
                .count("total_filtered_count", page.filtered())
                .meta("max_allowed_per_user", ApplicationKeys.PER_USER_MAX);
        }).answer(200);
    }

    private static Resource listed(ApplicationKey key, boolean withOwner) {
        var resource = attributes(key).with("last_used_at", key.lastUsedAt());
        return (withOwner ? resource.toOne("owned_by", "users", key.owner()) : resource).toNone("leak_information");
    }

    private Response create(Request request, BiFunction<WriteTx, ApplicationKeys.Wish, Keys.Issued> issue) {
        var sent = RequestDocument.resource(request, "application_keys");
        var attributes = sent.object("attributes");
        var wish = new ApplicationKeys.Wish(attributes.text("name"),
            attributes.textsOrNullIfSent("scopes").flatMap(some -> some));
        sent.done();
        return db.write(request.caller(), tx -> {
            var issued = issue.apply(tx, wish);
            var key = keys.named(tx, tx.org(), issued.id().toString(), Optional.empty());
            return Document.of(owned(attributes(key).with("key", issued.secret()), key));
        }).answer(201);
    }

    /// @param owner whose it must be; none: anyone's
    private Response read(Request request, Optional<User.Id> owner) {
        var org = request.caller().org();
        var included = owner.isPresent() || !KeyParameters.include(request.query(), INCLUDABLE).isEmpty();
        return db.read(tx -> {
            var key = keys.named(tx, org, request.pathText("app_key_id"), owner);
            return Document.of(shown(key))
                .including(owners.resources(tx, org, included ? List.of(key.owner()) : List.of()));
        }).answer(200);
    }

    private Response update(Request request, Optional<User.Id> owner) {
        return Document.of(shown(updated(request, owner))).answer(200);
    }

    private ApplicationKey updated(Request request, Optional<User.Id> owner) {
        var id = request.pathText("app_key_id");
        var sent = RequestDocument.resource(request, "application_keys");
        var sentId = sent.text("id");
        var attributes = sent.object("attributes");
        var edit = new ApplicationKeys.Edit(attributes.textIfSent("name"), attributes.textsOrNullIfSent("scopes"));
        sent.done();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        return db.write(request.caller(), tx -> keys.update(tx, id, owner, edit));
    }

    private Response delete(Request request, Optional<User.Id> owner) {
        db.write(request.caller(), tx -> {
            keys.revoke(tx, request.pathText("app_key_id"), owner);
            return null;
        });
        return Response.noContent();
    }

    private static Resource shown(ApplicationKey key) {
        return owned(attributes(key).with("last_used_at", key.lastUsedAt()), key);
    }

    private static Resource owned(Resource resource, ApplicationKey key) {
        return resource.toOne("owned_by", "users", key.owner()).toNone("leak_information");
    }

    private static Resource attributes(ApplicationKey key) {
        return new Resource("application_keys", key.id())
            .with("name", key.name())
            .with("created_at", key.createdAt())
            .with("last4", key.last4())
            .with("scopes", key.scopes());
    }
}
