/// How users want the console to look.
package roster.core.preference;
