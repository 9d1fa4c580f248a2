package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import roster.core.signin.Links;
import roster.model.LoginMethod;
import roster.core.org.OrgConfig;
import roster.support.Answer;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Device;
import roster.support.Inviting;
import roster.support.TestRoster;
import roster.support.TestUser;

/// M1: every way to sign in meets every obstacle, by direct request.
@Timeout(180)
class WaysInTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// A way to sign in: what is prepared while all is well, and sent when it is not.
    private enum Way {
        PASSWORD {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                BrowserUser.setPassword(user, Inviting.PASSWORD);
                var page = BrowserUser.page(user.org());
                var csrf = BrowserUser.csrf(browser.get(page));
                return () -> last = browser.post(page, csrf,
                    Map.of("address", user.email(), "password", Inviting.PASSWORD), Map.of());
            }
        },
        CHOICE {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                BrowserUser.setPassword(user, Inviting.PASSWORD);
                var other = roster.newOrg("other").newUser(user.email());
                BrowserUser.setPassword(other, Inviting.PASSWORD);
                browser.signInAnywhere(user.email(), Inviting.PASSWORD);
                var csrf = BrowserUser.csrf(browser.get("/sign-in/choose"));
                return () -> last = browser.post("/sign-in/choose", csrf, Map.of("org", user.org().id().toString()),
                    Map.of());
            }
        },
        PASSKEY {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                var device = Device.of(user);
                device.origin = localhost();
                browser.at(localhost());
                var page = browser.get("/sign-in?all=true");
                return () -> last = browser.post("/sign-in/passkey", BrowserUser.csrf(page), device.show(page),
                    Map.of());
            }
        },
        PASSWORD_AND_CODE {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                var app = App.of(user);
                var csrf = half(browser, user);
                return () -> last = browser.post(SECOND, csrf, Map.of("code", app.code()), Map.of());
            }
        },
        PASSWORD_AND_RECOVERY {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                App.of(user);
                var codes = user.org().<List<String>>write(tx -> roster.program().factor.codes.make(tx, user.user()));
                var csrf = half(browser, user);
                return () -> last = browser.post(SECOND, csrf, Map.of("code", codes.getFirst(), "by", "recovery"),
                    Map.of());
            }
        },
        PASSWORD_AND_PASSKEY {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                var device = Device.of(user);
                device.origin = localhost();
                browser.at(localhost());
                half(browser, user);
                var page = browser.get(SECOND);
                return () -> last = browser.post(SECOND, BrowserUser.csrf(page), device.show(page), Map.of());
            }
        },
        ENROLLING {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                user.org().write(tx -> roster.program().org.configs.set(tx, OrgConfig.SECOND_FACTOR, "everyone"));
                BrowserUser.setPassword(user, Inviting.PASSWORD);
                browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
                var page = browser.get("/sign-in/enrol");
                return () -> last = browser.post("/sign-in/enrol", BrowserUser.csrf(page),
                    Map.of("secret", App.sealed(page), "code", App.reading(page).code()), Map.of());
            }
        },
        LINK {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                var link = Links.path(user.org().write(
                    tx -> roster.program().signIn.links.make(tx, user.user(), Duration.ofMinutes(15))));
                var csrf = BrowserUser.csrf(browser.get(link));
                return () -> last = browser.post(link, csrf, Map.of(), Map.of());
            }
        };

        private static final String SECOND = "/sign-in/second";

        Answer last;

        /// Passkeys are for names of hosts.
        private static String localhost() {
            return roster.address().replace("127.0.0.1", "localhost");
        }

        /// The password is right, and a second factor is to follow.
        private static String half(BrowserUser browser, TestUser user) {
            BrowserUser.setPassword(user, Inviting.PASSWORD);
            browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
            return BrowserUser.csrf(browser.get(SECOND));
        }

        abstract Runnable begun(BrowserUser browser, TestUser user);
    }

    private enum Obstacle {
        NONE(user -> {}),
        ORG_DISABLED(user -> user.org().write(tx -> roster.program().org.orgs.setDisabled(tx, true))),
        USER_DISABLED(user -> user.org().founder().delete("/api/v2/users/" + user.id())),
        PENDING(user -> {
            roster.sql("UPDATE users SET verified = false WHERE org_id = ? AND id = ?", user.org().id().value(),
                user.user().id().value());
            roster.sql("SELECT roster_touch(?, 'pending')", user.org().id().value());
        }),
        METHOD_OFF(user -> user.org().write(
            tx -> roster.program().saml.identityProviders.setEnabled(tx, LoginMethod.STANDARD, false))),
        OTHER_METHOD(user -> user.org().write(tx -> {
            roster.program().saml.loginMethods.override(tx, user.id(),
                List.of(LoginMethod.GOOGLE_OIDC.id(tx.org()).value().toString()));
            return null;
        })),
        NETWORK(user -> {
            roster.sql("INSERT INTO ip_allowlists (org_id, enabled, version) VALUES (?, true, 1)",
                user.org().id().value());
            roster.sql("SELECT roster_touch(?, 'allowlist')", user.org().id().value());
        });

        private final Consumer<TestUser> put;

        Obstacle(Consumer<TestUser> put) {
            this.put = put;
        }

        /// A link of the operator is for those who have no method that works.
        private boolean stops(Way way) {
            return this != NONE && !(way == Way.LINK && (this == METHOD_OFF || this == OTHER_METHOD));
        }
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Way.values())
            .flatMap(way -> Stream.of(Obstacle.values()).map(obstacle -> Arguments.of(way, obstacle)));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void m1_every_way_meets_every_obstacle(Way way, Obstacle obstacle) {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-%s-%s@acme.test".formatted(way, obstacle).toLowerCase(Locale.ROOT));
        var browser = new BrowserUser(roster);
        var rest = way.begun(browser, ada);

        obstacle.put.accept(ada);
        rest.run();

        var sessions = (long) roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ?", org.id().value());
        if (obstacle.stops(way)) {
            assertThat(browser.session()).as("%s", way.last).isNull();
            assertThat(sessions).isZero();
            assertThat(way.last.status()).isNotEqualTo(500);
        } else {
            assertThat(way.last.status()).as("%s", way.last).isEqualTo(303);
            assertThat(browser.isSignedIn()).isTrue();
            assertThat(sessions).isEqualTo(1);
            assertThat(roster.sqlValue("SELECT last_login_at IS NOT NULL FROM users WHERE org_id = ? AND id = ?",
                org.id().value(), ada.user().id().value())).isEqualTo(true);
        }
    }
}
