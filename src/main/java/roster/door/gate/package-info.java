/// Every request passes here: who sends it, from where, how often, and may they.
package roster.door.gate;
