/// Who calls, and what they may do: callers, their rights, and what they may give to others.
package roster.core.access;
