/// Work in the background and its bounds: workers and what wakes them, rates, time limits.
package roster.base.work;
