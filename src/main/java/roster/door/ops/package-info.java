/// For operators and their monitoring: health, metrics, and a baseline for benchmarks.
package roster.door.ops;
