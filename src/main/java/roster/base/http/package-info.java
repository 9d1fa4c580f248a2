/// HTTP/1.1: the server, its limits, and the table of routes. Knows nothing of users or permissions' meaning.
///
/// Only this package imports the HTTP library, so that it can be exchanged. The library accepts connections and parses
/// request line and headers. What Roster has to answer for is done here: framing and reading of bodies, time and size
/// limits, decoding of addresses, and the bytes of an answer.
package roster.base.http;
