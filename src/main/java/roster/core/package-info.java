/// Nouns and rules. What every room here stands on is the [roster.core.Kernel].
package roster.core;
