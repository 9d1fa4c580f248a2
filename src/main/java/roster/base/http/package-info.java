/// HTTP/1.1: the server, its limits, and the table of routes. Knows nothing about users or the meaning of permissions.
///
/// Only this package imports the HTTP library, so that it can be replaced. The library accepts connections and parses
/// the request line and headers. This package does what is critical for security: framing and reading of bodies, time
/// and size limits, decoding of targets, and writing of responses.
package roster.base.http;
