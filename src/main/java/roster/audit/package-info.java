/// Who changed what: one entry a change, in the transaction of the change.
package roster.audit;
