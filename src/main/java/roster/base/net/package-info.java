/// Addresses and networks, and whose word about them counts.
package roster.base.net;
