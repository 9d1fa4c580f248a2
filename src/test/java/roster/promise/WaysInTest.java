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
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestRoster;
import roster.support.TestUser;

/// M1: every way to sign in meets every obstacle, by direct request.
@Timeout(180)
class WaysInTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

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
        PROVIDER {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                var back = backFromProvider(browser, user);
                return () -> last = browser.get(back);
            }
        },
        PROVIDER_AND_CODE {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                var back = backFromProvider(browser, user);
                var app = App.of(user);
                browser.get(back);
                var csrf = BrowserUser.csrf(browser.get(SECOND));
                return () -> last = browser.post(SECOND, csrf, Map.of("code", app.code()), Map.of());
            }
        },
        SWITCH {
            @Override
            Runnable begun(BrowserUser browser, TestUser user) {
                for (var each : List.of(user, roster.newOrg("other").newUser(user.email()))) {
                    BrowserUser.setPassword(each, Inviting.PASSWORD);
                    browser.signIn(each.org(), each.email(), Inviting.PASSWORD);
                }
                var csrf = BrowserUser.csrf(browser.get("/sign-in/switch"));
                return () -> last = browser.post("/sign-in/switch", csrf, Map.of("org", user.org().id().toString()),
                    Map.of());
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

        /// Where the provider sends a browser back whose user has an identity there.
        private static String backFromProvider(BrowserUser browser, TestUser user) {
            var id = OpenId.configured(user.org(), OpenId.with(provider.configuration("generic", "acme.test"), "link",
                "automatic"));
            var person = FakeProvider.person("sub", user.email(), true);
            provider.signIn(browser, id, person);
            browser.forgetCookies();
            return provider.back(FakeProvider.begin(browser, id), person);
        }

        private boolean isByProvider() {
            return this == PROVIDER || this == PROVIDER_AND_CODE;
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
        PROVIDER_OFF(user -> user.org().write(tx -> {
            roster.program().saml.identityProviders.all(tx, tx.org()).stream()
                .filter(one -> one.method() == LoginMethod.OIDC)
                .forEach(one -> roster.program().saml.identityProviders.setEnabled(tx, one, false));
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
            return switch (this) {
                case NONE -> false;
                case METHOD_OFF -> way != Way.LINK && !way.isByProvider();
                case OTHER_METHOD -> way != Way.LINK;
                case PROVIDER_OFF -> way.isByProvider();
                default -> true;
            };
        }
    }

    static Stream<Arguments> matrix() {
        return Stream.of(Way.values())
            .flatMap(way -> Stream.of(Obstacle.values()).map(obstacle -> Arguments.of(way, obstacle)));
    }

    private static long sessions(TestUser user) {
        return (long) roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ?", user.org().id().value());
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void m1_every_way_meets_every_obstacle(Way way, Obstacle obstacle) {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-%s-%s@acme.test".formatted(way, obstacle).toLowerCase(Locale.ROOT));
        var browser = new BrowserUser(roster);
        var rest = way.begun(browser, ada);
        var session = browser.session();
        var before = sessions(ada);

        obstacle.put.accept(ada);
        rest.run();

        if (obstacle.stops(way)) {
            assertThat(browser.session()).as("%s", way.last).isEqualTo(session);
            assertThat(sessions(ada)).isEqualTo(before);
            assertThat(way.last.status()).isNotEqualTo(500);
        } else {
            assertThat(way.last.status()).as("%s", way.last).isEqualTo(303);
            assertThat(browser.isSignedIn()).isTrue();
            assertThat(sessions(ada)).isEqualTo(before + 1);
            assertThat(roster.sqlValue("SELECT last_login_at IS NOT NULL FROM users WHERE org_id = ? AND id = ?",
                org.id().value(), ada.user().id().value())).isEqualTo(true);
        }
    }
}
