package roster.core.access;

import java.net.InetAddress;

/// Where a request comes from.
///
/// @param requestId names it in log and audit
public record Origin(String requestId, InetAddress address) {}
