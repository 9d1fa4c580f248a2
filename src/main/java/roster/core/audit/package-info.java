/// The audit trail: one entry per change, in the transaction of the change, sealed as evidence.
package roster.core.audit;
