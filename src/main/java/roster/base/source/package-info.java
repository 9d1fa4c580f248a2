/// Where time, ids and randomness come from: objects that are handed in, so that nothing draws them by itself. Time is the
/// JDK's [java.time.InstantSource] in Java, and the function `roster_now()` in SQL.
package roster.base.source;
