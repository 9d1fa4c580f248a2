/// Who is calling, and may they: one Gate for all.
package roster.core.access;
