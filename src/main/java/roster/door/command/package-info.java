/// The operator's door: what he types, onto the same nouns as the API, beside a running server or without one.
package roster.door.command;
