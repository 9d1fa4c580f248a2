/// People as they stand in files and in what is pasted.
package roster.core.reader;
