/// The users of an organisation in memory: found by id, filtered, sorted, counted and paged. Knows neither SQL nor JSON.
package roster.core.index;
