package roster.door.api.keys;

import static roster.model.Permission.ORG_APP_KEYS_READ;
import static roster.model.Permission.ORG_APP_KEYS_WRITE;
import static roster.model.Permission.SERVICE_ACCOUNT_WRITE;
import static roster.model.Permission.USER_APP_KEYS;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Times;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.base.jsonapi.Sorting;
import roster.core.key.AccessTokens;
import roster.core.key.AccessTokens.AccessToken;
import roster.model.Id;
import roster.model.Problem.Mismatch;
import roster.model.User;

/// `/api/v2/personal_access_tokens`: the caller's own tokens, and all of the organisation for callers who may manage keys.
/// `/api/v2/service_accounts/{id}/access_tokens`: those of a service account.
public final class AccessTokenApi {
    private static final int PAGE_MAX = 100;
    private static final String PERSONAL = "/api/v2/personal_access_tokens";
    private static final String ACCOUNTS = "/api/v2/service_accounts/{service_account_id}/access_tokens";
    private static final String PERSONAL_TYPE = "personal_access_tokens";
    private static final String SERVICE_TYPE = "service_access_tokens";

    private final Database db;
    private final AccessTokens tokens;
    private final KeyOwners owners;

    public AccessTokenApi(Database db, AccessTokens tokens, KeyOwners owners) {
        this.db = db;
        this.tokens = tokens;
        this.owners = owners;
    }

    public void addTo(Routes routes) {
        var reading = new Needs.OneOf(List.of(USER_APP_KEYS, ORG_APP_KEYS_READ));
        var writing = new Needs.OneOf(List.of(USER_APP_KEYS, ORG_APP_KEYS_WRITE));
        routes.get(PERSONAL, reading, request -> list(request, AccessTokens.readableBy(request.caller())));
        routes.fresh().post(PERSONAL, USER_APP_KEYS, request -> create(request, PERSONAL_TYPE, tokens::issueOwn));
        routes.get(PERSONAL + "/{token_id}", reading,
            request -> read(request, AccessTokens.readableBy(request.caller())));
        routes.fresh().patch(PERSONAL + "/{token_id}", writing, request -> update(request, PERSONAL_TYPE,
            tx -> AccessTokens.changeableBy(tx.caller())));
        routes.delete(PERSONAL + "/{token_id}", writing,
            request -> revoke(request, tx -> AccessTokens.changeableBy(tx.caller())));

        routes.get(ACCOUNTS, SERVICE_ACCOUNT_WRITE, request -> list(request, Optional.of(account(request).id())));
        routes.fresh().post(ACCOUNTS, SERVICE_ACCOUNT_WRITE, request -> create(request, SERVICE_TYPE,
            (tx, wish) -> tokens.issueFor(tx, account(request, tx), wish)));
        routes.get(ACCOUNTS + "/{token_id}", SERVICE_ACCOUNT_WRITE,
            request -> read(request, Optional.of(account(request).id())));
        routes.fresh().patch(ACCOUNTS + "/{token_id}", SERVICE_ACCOUNT_WRITE,
            request -> update(request, SERVICE_TYPE, tx -> Optional.of(account(request, tx).id())));
        routes.delete(ACCOUNTS + "/{token_id}", SERVICE_ACCOUNT_WRITE,
            request -> revoke(request, tx -> Optional.of(account(request, tx).id())));
    }

    private User account(Request request) {
        return db.read(tx -> owners.serviceAccount(tx, request.caller().org(), request.pathText("service_account_id")));
    }

    private User account(Request request, WriteTx tx) {
        return owners.serviceAccount(tx, tx.org(), request.pathText("service_account_id"));
    }

    /// @param owner only theirs; none: all
    private Response list(Request request, Optional<User.Id> owner) {
        var query = request.query();
        var paging = PageParameters.paging(query, PAGE_MAX);
        var sort = Sorting.of(query, AccessTokens.Sort.values(), "name");
        var wanted = query.all("filter[owned_by]").stream().flatMap(id -> Id.parse(id).stream()).map(User.Id::new)
            .toList();
        var owned = query.all("filter[owned_by]").isEmpty() ? owner.map(List::of)
            : Optional.of(wanted.stream().filter(id -> owner.isEmpty() || owner.get().equals(id)).toList());
        return db.read(tx -> {
            var page = tokens.list(tx, request.caller().org(), new AccessTokens.Filter(query.first("filter"), owned),
                sort.by(), sort.descending(), paging);
            return Document.of(page.items().stream().map(AccessTokenApi::shown).toList())
                .count("total_filtered_count", page.filtered());
        }).answer(200);
    }

    private Response create(Request request, String type,
        BiFunction<WriteTx, AccessTokens.Wish, AccessTokens.Issued> issue) {
        var sent = RequestDocument.resource(request, type);
        var attributes = sent.object("attributes");
        var name = attributes.text("name");
        var scopes = attributes.textsIfSent("scopes");
        if (scopes.isEmpty()) {
            attributes.any("scopes"); // says that it is missing
        }
        var expiresAt = attributes.optionalText("expires_at");
        attributes.checked("expires_at", expiresAt, text -> Times.parse(text).isPresent() ? Optional.empty()
            : Optional.of("Not a valid datetime."));
        sent.done();
        var wish = new AccessTokens.Wish(name, scopes.orElseThrow(), expiresAt.flatMap(Times::parse));
        var issued = db.write(request.caller(), tx -> issue.apply(tx, wish));
        return Document.of(resource(issued.token(), Optional.of(issued.secret()))).answer(201);
    }

    private Response read(Request request, Optional<User.Id> owner) {
        return Document.of(shown(db.read(
            tx -> tokens.named(tx, request.caller().org(), request.pathText("token_id"), owner)))).answer(200);
    }

    /// Whose a token must be, by what the caller holds under the lock; none: anyone's.
    private interface Whose {
        Optional<User.Id> under(WriteTx tx);
    }

    private Response update(Request request, String type, Whose whose) {
        var id = request.pathText("token_id");
        var sent = RequestDocument.resource(request, type);
        var sentId = sent.text("id");
        var attributes = sent.optionalObject("attributes");
        var edit = new AccessTokens.Edit(attributes.textIfSent("name"), attributes.textsIfSent("scopes"));
        sent.done();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        return Document.of(shown(db.write(request.caller(), tx -> tokens.update(tx, id, whose.under(tx), edit))))
            .answer(200);
    }

    private Response revoke(Request request, Whose whose) {
        db.write(request.caller(), tx -> {
            tokens.revoke(tx, request.pathText("token_id"), whose.under(tx));
            return null;
        });
        return Response.noContent();
    }

    private static Resource shown(AccessToken token) {
        return resource(token, Optional.empty());
    }

    /// @param secret of a token just issued
    private static Resource resource(AccessToken token, Optional<String> secret) {
        var resource = new Resource(token.ofService() ? SERVICE_TYPE : PERSONAL_TYPE, token.id())
            .with("created_at", token.createdAt())
            .with("expires_at", token.expiresAt());
        secret.ifPresentOrElse(text -> resource.with("key", text),
            () -> resource.with("last_used_at", token.lastUsedAt()));
        token.modifiedAt().ifPresent(at -> resource.with("modified_at", at));
        return resource.with("name", token.name())
            .with("public_portion", token.publicPortion())
            .with("scopes", token.scopes())
            .toOne("owned_by", token.ofService() ? "service_account" : "users", token.owner());
    }
}
