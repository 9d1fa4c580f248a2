package roster.door.api.orgs;

import static roster.base.json.Json.members;
import static roster.model.Permission.USER_ACCESS_READ;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.Resource;
import roster.base.net.PublicUrl;
import roster.base.secret.CursorCodec;
import roster.core.org.Orgs;
import roster.core.user.AddressOwners;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Problem.NotOneself;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/global_orgs`: the organisations of the caller, the same as in ListUserOrganizations.
public final class GlobalOrgApi {
    private static final String PATH = "/api/v2/global_orgs";
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;

    /// What cursors of this list begin with, so that those of other lists are refused.
    private static final String MARK = "global_orgs ";

    private final Database db;
    private final Users users;
    private final Orgs orgs;
    private final CursorCodec cursors;
    private final PublicUrl publicUrl;

    public GlobalOrgApi(Database db, Users users, Orgs orgs, CursorCodec cursors, PublicUrl publicUrl) {
        this.db = db;
        this.users = users;
        this.orgs = orgs;
        this.cursors = cursors;
        this.publicUrl = publicUrl;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, USER_ACCESS_READ, this::list);
    }

    private Response list(Request request) {
        var caller = request.caller();
        var handle = request.query().first("user_handle")
            .orElseThrow(() -> new Refused(new BadParameter("user_handle")));
        var limit = PageParameters.limit(request.query(), LIMIT_MAX, LIMIT_DEFAULT);
        var cursor = request.query().first("page[cursor]");
        var start = cursor.map(sent -> start(caller.org(), sent)).orElse(0);
        if (!handle.equals(caller.name())) {
            throw new Refused(new NotOneself());
        }
        var all = db.read(tx -> all(tx, caller));
        var from = Math.min(start, all.size());
        var next = from + limit < all.size() ? Optional.of(sealed(caller.org(), from + limit))
            : Optional.<String>empty();
        var previous = from > 0 ? Optional.of(sealed(caller.org(), Math.max(0, from - limit)))
            : Optional.<String>empty();
        return Response.json(200, Json.bytes(members(
            "data", all.subList(from, Math.min(all.size(), from + limit)),
            "links", members("self", address(handle, limit, cursor),
                "next", next.map(place -> address(handle, limit, Optional.of(place))),
                "prev", previous.map(place -> address(handle, limit, Optional.of(place)))),
            "meta", Map.of("page", members("type", "cursor", "limit", limit, "cursor", cursor, "next_cursor", next,
                "prev_cursor", previous)))));
    }

    private List<Resource> all(Tx tx, Caller caller) {
        var org = caller.org();
        var user = users.find(tx, org, caller.user().orElseThrow()).orElseThrow();
        var all = new ArrayList<Resource>();
        orgs.find(tx, org).ifPresent(own -> all.add(resource(own, user)));
        for (var other : AddressOwners.elsewhere(tx, caller, user)) {
            orgs.find(tx, other.org()).ifPresent(there -> users.find(tx, other.org(), other.user())
                .ifPresent(they -> all.add(resource(there, they))));
        }
        return all;
    }

    /// Region and redirect are empty, as all organisations have one region and one address.
    private static Resource resource(Org org, User user) {
        return new Resource("global_user_orgs")
            .with("org", members("uuid", org.id(), "name", org.name(), "public_id", org.publicId(), "subdomain", null))
            .with("user", members("uuid", user.id(), "handle", user.handle()))
            .with("source_region", null)
            .with("redirect_url", null);
    }

    private int start(Org.Id org, String cursor) {
        return cursors.openText(org.value(), MARK, cursor).map(Integer::parseInt)
            .orElseThrow(() -> new Refused(new BadParameter("page[cursor]")));
    }

    private String sealed(Org.Id org, int start) {
        return cursors.sealText(org.value(), MARK, Integer.toString(start));
    }

    private String address(String handle, int limit, Optional<String> cursor) {
        return publicUrl.reference(PATH + "?user_handle=" + URLEncoder.encode(handle, StandardCharsets.UTF_8)
            + "&page%5Blimit%5D=" + limit
            + cursor.map(place -> "&page%5Bcursor%5D=" + URLEncoder.encode(place, StandardCharsets.UTF_8)).orElse(""));
    }
}
