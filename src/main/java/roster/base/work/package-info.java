/// Work in the background and its bounds: workers and what wakes them, rates, fairness among organisations, time limits.
package roster.base.work;
