/// Roster: the program and its settings. The rooms of the house are the packages below.
package roster;
