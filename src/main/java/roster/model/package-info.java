/// The domain types: records, ids, permissions, and refusals as data. Depends only on the JDK and the id generator.
package roster.model;
