/// What others wrote, run against Roster: the official clients, the Terraform provider's calls, and recordings of the
/// live API.
package roster.foreign;
