/// Which permissions exist, and which of them the managed roles hold.
package roster.core.permission;
