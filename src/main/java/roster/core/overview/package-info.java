/// What an organisation looks like at a glance: days, and what needs attention.
package roster.core.overview;
