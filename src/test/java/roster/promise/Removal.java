package roster.promise;

import java.util.List;
import roster.model.Permission;
import roster.support.Answer;
import roster.support.TestUser;

/// Requests that take away an administrator, or what a user holds.
enum Removal {
    DISABLE_USER {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.delete("/api/v2/users/" + whom.id());
        }
    },
    UPDATE_USER {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.patch("/api/v2/users/" + whom.id(), disabled(whom));
        }
    },
    UPDATE_CURRENT_USER {
        @Override
        Answer go(TestUser caller, Person whom) {
            return whom.user().patch("/api/v2/current_user", disabled(whom));
        }
    },
    REMOVE_USER_FROM_ROLE {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.delete("/api/v2/roles/%s/users".formatted(whom.role()), """
                {"data":{"type":"users","id":"%s"}}""".formatted(whom.id()));
        }
    },
    DELETE_ROLE {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.delete("/api/v2/roles/" + whom.role());
        }
    },
    REMOVE_PERMISSION_FROM_ROLE {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.delete("/api/v2/roles/%s/permissions".formatted(whom.role()),
                "{\"data\":%s}".formatted(permission(caller, "user_access_manage")));
        }
    },
    UPDATE_ROLE {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.patch("/api/v2/roles/" + whom.role(), """
                {"data":{"type":"roles","id":"%s","attributes":{},"relationships":{"permissions":{"data":[]}}}}
                """.formatted(whom.role()));
        }
    },
    DELETE_OVER_SCIM {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.delete("/scim/v2/Users/" + whom.id());
        }

        @Override
        boolean refused(Answer answer) {
            return answer.status() == 403 && answer.text("/detail").equals(LAST_ONE);
        }
    },
    ANONYMIZE_USERS {
        @Override
        Answer go(TestUser caller, Person whom) {
            return caller.send("PUT", "/api/v2/anonymize_users", """
                {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}"""
                .formatted(whom.id()));
        }

        @Override
        boolean refused(Answer answer) {
            return answer.status() == 200
                && answer.each("/data/attributes/anonymize_errors", "/error").equals(List.of(LAST_ONE));
        }

        @Override
        boolean done(Answer answer) {
            return answer.status() == 200 && answer.at("/data/attributes/anonymize_errors").isEmpty();
        }
    };

    /// The refusal to remove the last administrator.
    static final String LAST_ONE = "An organization must keep at least one active administrator";

    /// @param caller who asks, unless only the user can
    abstract Answer go(TestUser caller, Person whom);

    /// Whether this was refused because they are the last administrator.
    boolean refused(Answer answer) {
        return answer.status() == 403 && answer.errors().equals(List.of("Forbidden", LAST_ONE));
    }

    boolean done(Answer answer) {
        return answer.status() / 100 == 2;
    }

    private static String disabled(Person whom) {
        return """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}""".formatted(whom.id());
    }

    private static String permission(TestUser caller, String name) {
        return "{\"type\":\"permissions\",\"id\":\"%s\"}".formatted(
            caller.org().roster().program().kernel().catalogue().find(new Permission(name)).orElseThrow().id());
    }
}
