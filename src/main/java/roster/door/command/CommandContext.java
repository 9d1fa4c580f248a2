package roster.door.command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.model.Caller;
import roster.model.Org;

/// Where one command is dealt with: for whom, on what, and what it prints.
final class CommandContext {
    final Nouns nouns;
    private final String operator;
    private final String requestId;
    private final StringBuilder out = new StringBuilder();

    /// @param operator name of the operating system's user
    CommandContext(Nouns nouns, String operator, String requestId) {
        this.nouns = nouns;
        this.operator = operator;
        this.requestId = requestId;
    }

    /// The organisation that is meant.
    ///
    /// @param named by id, public id or exact name; may be left out where there is only one
    /// @throws Failed if none or several are meant
    Org org(Optional<String> named) {
        var found = nouns.db().read(tx -> named.map(text -> nouns.orgs().named(tx, text))
            .orElseGet(() -> nouns.orgs().all(tx)));
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (found.isEmpty()) {
            throw new Failed(named.map(text -> "there is no organization '%s'; `roster org list` shows those there are"
                .formatted(Table.harmless(text)))
                .orElse("there is no organization yet; make one with `roster org create`"));
        }
        throw new Failed(named.map(text -> "%d organizations are called '%s': name one by its id with --org"
            .formatted(found.size(), Table.harmless(text)))
            .orElse("there are %d organizations: name one with --org".formatted(found.size())));
    }

    /// The organisation that an earlier step of the same command found.
    ///
    /// @throws Failed if it is gone
    Org org(Org.Id id) {
        return org(Optional.of(id.toString()));
    }

    /// Changes an organisation as the operator. Its audit entries name `cli:<operating system user>`.
    <T> T write(Org org, Function<WriteTx, T> work) {
        return nouns.db().write(caller(org.id()), work);
    }

    /// Names the command in log and audit.
    String requestId() {
        return requestId;
    }

    Caller caller(Org.Id org) {
        return Caller.cli(org, operator, requestId);
    }

    void print(String text) {
        out.append(text);
    }

    /// @param value as for [Json#bytes]
    void printJson(Object value) {
        out.append(new String(Json.bytes(value), StandardCharsets.UTF_8)).append('\n');
    }

    String printed() {
        return out.toString();
    }
}
