/// The words of Roster: records, ids, permissions, and refusals as data. Needs nothing but the JDK and the id generator.
package roster.model;
