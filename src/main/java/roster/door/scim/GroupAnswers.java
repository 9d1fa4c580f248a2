package roster.door.scim;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Response;
import roster.base.http.StoredBody;
import roster.base.json.Json;
import roster.base.scim.Selection;
import roster.core.provisioning.ProvisionedGroup;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;

/// Answers that have groups, with their members unless these are not wanted.
record GroupAnswers(Database db) {
    static final String MEMBERS = "members";

    /// The most members that an answer may have.
    private static final long MEMBERS_MAX = 1_000_000;

    /// An answer with more members than this is read among the long ones, and goes through a file.
    private static final long MANY = 20_000;

    /// What an answer is made of.
    ///
    /// @param groups all that are in it
    record Body(List<ProvisionedGroup> groups, Object json, List<Response.Header> headers) {
        private long members() {
            return groups.stream().mapToLong(ProvisionedGroup::members).sum();
        }
    }

    /// Makes an answer. What it reads is read again, with more patience and through a file, if there are many members.
    Response answered(Call call, int status, Selection selection, Function<Tx, Body> making) {
        return answered(call, status, selection, MANY, making).orElseGet(() -> db.readLong(tx -> {
            var body = making.apply(tx);
            var stored = StoredBody.of(out -> Json.write(out, body.json()));
            return new Response(status, body.headers(), Optional.of(MediaTypes.ofAnswer(call.request())), List.of(),
                false, Optional.of(stored));
        }));
    }

    /// Makes an answer that has no more members than some.
    Optional<Response> answered(Call call, int status, Selection selection, long most, Function<Tx, Body> making) {
        return db.read(tx -> {
            var body = making.apply(tx);
            if (!selection.wants(MEMBERS) || body.members() <= most) {
                return Optional.of(call.answer(status, body.json()).with(body.headers()));
            }
            if (body.members() > MEMBERS_MAX) {
                throw new Refused(new BadScim(ScimType.TOO_MANY,
                    "More than %d members: exclude them, or ask for fewer groups".formatted(MEMBERS_MAX)));
            }
            return Optional.<Response>empty();
        });
    }
}
