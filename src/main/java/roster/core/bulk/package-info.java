/// Acts on many people at once: what was selected for them, and jobs that do them piece by piece.
package roster.core.bulk;
