// Calls the user operations, all role operations, tokens, the audit trail and anonymising of a running Roster with the
// unchanged official TypeScript client. Prints one line per call. Exits with 1 at the first deviation from the contract.
//
// ROSTER_ADDRESS           such as http://127.0.0.1:8080
// DD_API_KEY, DD_APP_KEY   keys of an administrator
import { client, v2 } from "@datadog/datadog-api-client";
import { strict as assert } from "node:assert";

const address = process.env.ROSTER_ADDRESS ?? "http://127.0.0.1:8080";
const configuration = client.createConfiguration({
  authMethods: { apiKeyAuth: process.env.DD_API_KEY, appKeyAuth: process.env.DD_APP_KEY },
  baseServer: new client.BaseServerConfiguration(address, {}),
});
const users = new v2.UsersApi(configuration);
const roles = new v2.RolesApi(configuration);
for (const operation of ["listRoleTemplates", "anonymizeUsers"]) {
  if (`v2.${operation}` in configuration.unstableOperations) {
    configuration.unstableOperations[`v2.${operation}`] = true;
  }
}

let operations = 0;

function did(operation: string, outcome: unknown): void {
  operations++;
  console.log(`${operation} -> ${outcome}`);
}

/** Returns the status with which a call is refused. */
async function refused(call: Promise<unknown>): Promise<number> {
  try {
    await call;
  } catch (e) {
    if (e instanceof client.ApiException) {
      return e.code;
    }
    throw e;
  }
  throw new Error("it was not refused");
}

const suffix = `${process.pid}-${Date.now()}`;

async function userOperations(): Promise<string> {
  const email = `ts-${suffix}@example.com`;
  const body = { data: { type: "users" as const, attributes: { email, name: "Typed Script" } } };
  const created = await users.createUser({ body });
  const id = created.data!.id!;
  assert.equal(created.data!.attributes!.status, "Pending");
  did("CreateUser", `${created.data!.attributes!.email} ${created.data!.attributes!.status}`);
  assert.equal(await refused(users.createUser({ body })), 409);
  did("CreateUser again", 409);

  const listed = await users.listUsers({ filter: email, pageSize: 100 });
  assert.equal(listed.meta!.page!.totalFilteredCount, 1);
  did("ListUsers", `${listed.meta!.page!.totalFilteredCount} of ${listed.meta!.page!.totalCount}`);
  const met = new Set<string>();
  for await (const user of users.listUsersWithPagination({ pageSize: 2 })) {
    assert.ok(!met.has(user.id!), "met twice");
    met.add(user.id!);
  }
  assert.equal(met.size, listed.meta!.page!.totalCount);
  did("ListUsers, page by page", `${met.size} users, none twice`);

  const read = await users.getUser({ userId: id });
  assert.equal(read.data!.attributes!.name, "Typed Script");
  assert.ok(read.data!.attributes!.createdAt instanceof Date);
  did("GetUser", read.data!.attributes!.handle);
  assert.equal(await refused(users.getUser({ userId: "00000000-0000-0000-0000-000000000000" })), 404);
  did("GetUser of an unknown id", 404);

  const updated = await users.updateUser({
    userId: id,
    body: { data: { type: "users", id, attributes: { name: "Script Typed" } } },
  });
  did("UpdateUser", updated?.data?.attributes?.name ?? "no body");
  assert.equal((await users.getUser({ userId: id })).data!.attributes!.name, "Script Typed");

  const sent = await users.sendInvitations({
    body: { data: [{ type: "user_invitations", relationships: { user: { data: { type: "users", id } } } }] },
  });
  const invitation = sent.data![0].id!;
  did("SendInvitations", sent.data![0].attributes!.inviteType);
  const found = await users.getInvitation({ userInvitationUuid: invitation });
  assert.equal(found.data!.id, invitation);
  did("GetInvitation", found.data!.attributes!.expiresAt!.toISOString());

  const permissions = await users.listUserPermissions({ userId: id });
  assert.deepEqual(permissions.data, []);
  did("ListUserPermissions", permissions.data!.length);
  return id;
}

/** A user can list only their own organizations; for others the answer is 403. */
async function organizations(other: string): Promise<void> {
  const all = await users.listUsers({ filterStatus: "Active", pageSize: 100 });
  let own = 0;
  for (const user of all.data!) {
    try {
      const answer = await users.listUserOrganizations({ userId: user.id! });
      own += answer.included!.length;
    } catch (e) {
      assert.ok(e instanceof client.ApiException && e.code === 403);
    }
  }
  assert.equal(own, 1);
  assert.equal(await refused(users.listUserOrganizations({ userId: other })), 403);
  did("ListUserOrganizations", `${own} organization`);
}

async function roleOperations(user: string): Promise<void> {
  const catalogue = (await roles.listPermissions()).data!;
  const defaults = catalogue.filter((permission) => permission.attributes!.restricted);
  did("ListPermissions", `${catalogue.length}, ${defaults.length} of them in every new role`);
  const extra = catalogue.find((permission) => permission.attributes!.name === "api_keys_read")!;

  const created = await roles.createRole({
    body: {
      data: {
        type: "roles",
        attributes: { name: `TS ${suffix}` },
        relationships: { permissions: { data: [{ type: "permissions", id: extra.id }] } },
      },
    },
  });
  const id = created.data!.id!;
  assert.equal(created.data!.relationships!.permissions!.data!.length, defaults.length + 1);
  did("CreateRole", created.data!.attributes!.name);

  const listed = await roles.listRoles({ filter: "Datadog Admin Role" });
  assert.equal(listed.data!.length, 1);
  did("ListRoles", `${listed.meta!.page!.totalFilteredCount} of ${listed.meta!.page!.totalCount}`);
  did("GetRole", (await roles.getRole({ roleId: id })).data!.attributes!.userCount);
  const updated = await roles.updateRole({
    roleId: id,
    body: { data: { type: "roles", id, attributes: { name: `TS ${suffix} updated` } } },
  });
  assert.equal(updated.data!.relationships!.permissions!.data!.length, defaults.length + 1);
  did("UpdateRole", updated.data!.attributes!.name);
  const clone = await roles.cloneRole({
    roleId: id,
    body: { data: { type: "roles", attributes: { name: `TS ${suffix} clone` } } },
  });
  did("CloneRole", clone.data!.attributes!.name);

  const reference = { data: { type: "permissions" as const, id: extra.id } };
  const without = await roles.removePermissionFromRole({ roleId: id, body: reference });
  assert.equal(without.data!.length, defaults.length);
  did("RemovePermissionFromRole", `${without.data!.length} left`);
  const withIt = await roles.addPermissionToRole({ roleId: id, body: reference });
  did("AddPermissionToRole", `${withIt.data!.length} now`);
  assert.deepEqual(await roles.listRolePermissions({ roleId: id }), withIt);
  did("ListRolePermissions", withIt.data!.length);

  const member = { data: { type: "users" as const, id: user } };
  did("AddUserToRole", (await roles.addUserToRole({ roleId: id, body: member })).meta!.page!.totalCount);
  const members = await roles.listRoleUsers({ roleId: id });
  assert.equal(members.data![0].id, user);
  did("ListRoleUsers", members.data![0].attributes!.email);
  assert.equal((await users.listUserPermissions({ userId: user })).data!.length, defaults.length + 1);
  did("RemoveUserFromRole", (await roles.removeUserFromRole({ roleId: id, body: member })).meta!.page!.totalCount);
  did("ListRoleTemplates", (await roles.listRoleTemplates()).data!.length);
  for (const role of [id, clone.data!.id!]) {
    await roles.deleteRole({ roleId: role });
  }
  did("DeleteRole", 2);
  assert.equal(await refused(roles.getRole({ roleId: id })), 404);
  did("GetRole of a deleted role", 404);
}

/** Keys and tokens of a service account and of the caller. The Java client lacks some of these operations. */
async function tokenOperations(): Promise<void> {
  const accounts = new v2.ServiceAccountsApi(configuration);
  const keys = new v2.KeyManagementApi(configuration);
  const account = await accounts.createServiceAccount({
    body: {
      data: { type: "users", attributes: { email: `robot-${suffix}@example.com`, serviceAccount: true } },
    },
  });
  const serviceAccountId = account.data!.id!;
  did("CreateServiceAccount", account.data!.attributes!.status);

  const made = await accounts.createServiceAccountAccessToken({
    serviceAccountId,
    body: { data: { type: "service_access_tokens", attributes: { name: "nightly", scopes: ["user_access_read"] } } },
  });
  const tokenId = made.data!.id!;
  did("CreateServiceAccountAccessToken", made.data!.attributes!.publicPortion!.slice(0, 6));
  const token = made.data!.attributes!.key!;
  const baseServer = new client.BaseServerConfiguration(address, {});
  const byToken = new v2.UsersApi(
    client.createConfiguration({ authMethods: { AuthZ: { accessToken: token } }, baseServer }),
  );
  did("ListUsers by a bearer's token", (await byToken.listUsers()).meta!.page!.totalCount);
  const inKeyHeader = new v2.UsersApi(
    client.createConfiguration({
      authMethods: { apiKeyAuth: process.env.DD_API_KEY, appKeyAuth: token },
      baseServer,
    }),
  );
  did("ListUsers by a token in the key header", (await inKeyHeader.listUsers()).meta!.page!.totalCount);
  const tokens = await accounts.listServiceAccountAccessTokens({ serviceAccountId });
  assert.equal(tokens.data!.length, 1);
  did("ListServiceAccountAccessTokens", tokens.data![0].attributes!.name);
  did("GetServiceAccountAccessToken",
    (await accounts.getServiceAccountAccessToken({ serviceAccountId, tokenId })).data!.attributes!.name);
  const renamed = await accounts.updateServiceAccountAccessToken({
    serviceAccountId,
    tokenId,
    body: { data: { type: "service_access_tokens", id: tokenId, attributes: { name: "weekly" } } },
  });
  did("UpdateServiceAccountAccessToken", renamed.data!.attributes!.name);
  await accounts.revokeServiceAccountAccessToken({ serviceAccountId, tokenId });
  assert.equal(await refused(byToken.listUsers()), 403);
  did("RevokeServiceAccountAccessToken", "refused afterwards: 403");

  const expiresAt = new Date(Date.now() + 48 * 3600 * 1000);
  const own = await keys.createPersonalAccessToken({
    body: {
      data: { type: "personal_access_tokens", attributes: { name: "laptop", scopes: ["user_access_read"], expiresAt } },
    },
  });
  const patId = own.data!.id!;
  assert.ok(Math.abs(own.data!.attributes!.expiresAt!.getTime() - expiresAt.getTime()) < 1000);
  did("CreatePersonalAccessToken", own.data!.attributes!.name);
  did("ListPersonalAccessTokens", (await keys.listPersonalAccessTokens({ filter: "laptop" })).data!.length);
  did("GetPersonalAccessToken", (await keys.getPersonalAccessToken({ tokenId: patId })).data!.attributes!.name);
  const changed = await keys.updatePersonalAccessToken({
    tokenId: patId,
    body: { data: { type: "personal_access_tokens", id: patId, attributes: { name: "desk" } } },
  });
  did("UpdatePersonalAccessToken", changed.data!.attributes!.name);
  await keys.revokePersonalAccessToken({ tokenId: patId });
  assert.equal(await refused(keys.getPersonalAccessToken({ tokenId: patId })), 404);
  did("RevokePersonalAccessToken", "gone afterwards: 404");
}

/** Audit events of the user, and anonymising them. */
async function auditAndEnd(user: string): Promise<void> {
  const audit = new v2.AuditApi(configuration);
  let events = 0;
  for await (const event of audit.searchAuditLogsWithPagination({
    body: { filter: { query: `@asset.id:${user}`, from: "now-1h", to: "now" }, page: { limit: 2 } },
  })) {
    assert.equal(event.type, "audit");
    events++;
  }
  assert.ok(events >= 4);
  did("SearchAuditLogs", `${events} events of the user`);
  did("ListAuditLogs", (await audit.listAuditLogs({ pageLimit: 5 })).data!.length);

  const anonymized = await users.anonymizeUsers({
    body: { data: { type: "anonymize_users_request", attributes: { userIds: [user] } } },
  });
  assert.deepEqual(anonymized.data!.attributes!.anonymizedUserIds, [user]);
  did("AnonymizeUsers", (await users.getUser({ userId: user })).data!.attributes!.email!.split("@")[1]);
}

async function main(): Promise<void> {
  const user = await userOperations();
  await organizations(user);
  await roleOperations(user);
  await tokenOperations();
  await users.disableUser({ userId: user });
  assert.equal((await users.getUser({ userId: user })).data!.attributes!.status, "Disabled");
  did("DisableUser", "Disabled");
  assert.equal(await refused(users.disableUser({ userId: user })), 404);
  did("DisableUser again", 404);
  await auditAndEnd(user);
  console.log(`${operations} calls, all as the contract says`);
}

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
