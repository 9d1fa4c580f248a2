package roster.door.command;

import java.util.Optional;
import java.util.function.Function;
import roster.door.command.BulkAnswer.Busy;
import roster.door.command.BulkAnswer.Done;
import roster.door.command.BulkAnswer.OrgFound;
import roster.door.command.BulkRequest.FindOrg;
import roster.model.Org;

/// Asks for the steps of a long command, which [BulkHandler] does in this process or in the running server.
public final class BulkClient {
    /// How often to ask again when the database is away or too busy, and how long to wait before, in milliseconds.
    private static final int ATTEMPTS = 30;
    private static final long PAUSE = 1000;

    private final Function<BulkRequest, BulkAnswer> handler;
    private boolean askedAgain;

    BulkClient(Function<BulkRequest, BulkAnswer> handler) {
        this.handler = handler;
    }

    /// The organisation that the operator means.
    ///
    /// @param named its id, public id or exact name; may be empty if there is only one
    /// @throws Failed if none or several match
    Org.Id org(Optional<String> named) {
        return ask(new FindOrg(named), OrgFound.class).org();
    }

    /// @param type the answer that this request has when it was done
    /// @throws Failed if it cannot be done
    <A extends Done> A ask(BulkRequest request, Class<A> type) {
        for (int attempt = 1;; attempt++) {
            switch (handler.apply(request)) {
                case Done done when type.isInstance(done) -> {
                    askedAgain = attempt > 1;
                    return type.cast(done);
                }
                case Done _ -> throw new Failed(SocketCodec.OTHER_VERSION);
                case BulkAnswer.Failed(var why) -> throw new Failed(why);
                case Busy() -> {
                    if (attempt == ATTEMPTS) {
                        throw new Failed("the database is away or too busy; try again later");
                    }
                    pause();
                }
            }
        }
    }

    /// Whether the last request was sent more than once. An earlier attempt may have been done all the same: where a
    /// commit breaks off, and nothing tells how it ended, the answer is to ask again.
    boolean askedAgain() {
        return askedAgain;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }
}
