/// For operators and what watches for them: health, metrics, and the floor that benchmarks compare with.
package roster.door.ops;
