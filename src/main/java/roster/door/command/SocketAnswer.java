package roster.door.command;

/// What a running server answers. A [BulkAnswer.Failed] may answer any request.
public sealed interface SocketAnswer permits Outcome, BulkAnswer {}
