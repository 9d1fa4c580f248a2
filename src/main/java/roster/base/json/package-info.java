/// JSON text to values and back, and the times in it.
package roster.base.json;
