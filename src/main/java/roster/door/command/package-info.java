/// The command line for operators, on the same nouns as the API, beside a running server or without one.
package roster.door.command;
