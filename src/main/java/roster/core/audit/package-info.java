/// Who changed what: one entry a change, in the transaction of the change, sealed so that it can be relied on.
package roster.core.audit;
