/// What tests of several rooms share: a server to test, organisations and users in it, mail servers, and checks of
/// every answer.
package roster.support;
