/// Users and groups as directories know and change them: what SCIM says beyond the rules of users and roles.
package roster.core.provisioning;
