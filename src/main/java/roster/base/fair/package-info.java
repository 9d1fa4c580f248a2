/// What organisations share, and take turns at: connections, long reads, processors.
package roster.base.fair;
