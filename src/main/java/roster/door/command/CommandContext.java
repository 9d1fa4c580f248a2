package roster.door.command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.model.Caller;
import roster.model.Org;

/// What one command works on, in whose name, and what it prints.
final class CommandContext {
    final Nouns nouns;
    private final Optional<ServingNode> node;
    private final String operator;
    private final String requestId;
    private final Optional<String> input;
    private final StringBuilder out = new StringBuilder();

    /// @param node empty if this process serves nothing
    /// @param operator name of the operating system's user
    /// @param input what the command was told besides its arguments
    CommandContext(Nouns nouns, Optional<ServingNode> node, String operator, String requestId,
        Optional<String> input) {
        this.input = input;
        this.nouns = nouns;
        this.node = node;
        this.operator = operator;
        this.requestId = requestId;
    }

    /// The node that runs the command.
    ///
    /// @throws Failed if this process serves nothing
    ServingNode node() {
        return node.orElseThrow(() -> new Failed("no server is running"));
    }

    /// The organisation that the operator means.
    ///
    /// @param named its id, public id or exact name; may be empty if there is only one
    /// @throws Failed if none or several match
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

    /// What [#write] would do, see [roster.base.db.Database#rehearse].
    <T> T rehearse(Org org, Function<WriteTx, T> work) {
        return nouns.db().rehearse(caller(org.id()), work);
    }

    /// Names the command in log and audit.
    String requestId() {
        return requestId;
    }

    Caller caller(Org.Id org) {
        return Caller.cli(org, operator, requestId);
    }

    /// What the command was told in the file that [Command#input] names.
    Optional<String> input() {
        return input;
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
