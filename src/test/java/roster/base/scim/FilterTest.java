package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.scim.Filter.And;
import roster.base.scim.Filter.Compare;
import roster.base.scim.Filter.Element;
import roster.model.ScimType;

/// Filters: section 9.1 of the contract, row by row.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FilterTest {
    private static final Attributes ANN = Wire.user("""
        {'schemas': ['urn:ietf:params:scim:schemas:core:2.0:User'], 'id': '0199-aa', 'externalId': 'Ab1',
         'userName': 'Ann.Lee@Example.com', 'name': {'givenName': 'Ann', 'familyName': 'LEE'}, 'title': 'Größe',
         'profileUrl': 'https://x.test/Ann', 'active': true, 'nickName': 'a (b] and c',
         'emails': [{'value': 'ann@work.test', 'type': 'work', 'primary': true}, {'value': 'ann@home.test', 'type': 'home'}],
         'groups': [{'value': 'g1', 'display': 'Ops'}, {'value': 'g2', 'display': 'Dev'}],
         'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {'department': 'Ops', 'manager': {'value': 'm1'}},
         'meta': {'created': '2026-11-29T09:00:00.123Z', 'lastModified': '2026-11-30T09:00:00.000Z'}}
        """);

    private static Filter filter(String text) {
        return Filter.parse(ResourceType.USER, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "userName eq \"ann.lee@example.com\"", "USERNAME EQ \"ANN.LEE@example.com\"", "userName eq ann.lee@example.com",
        "(userName eq ann.lee@example.com)", "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"ann\"",
        "userName co \"LEE\"", "userName ew \".COM\"", "userName gt \"ann\"", "userName ge \"ann.lee@example.com\"",
        "userName lt \"b\"", "userName le \"ANN.LEE@example.com\"", "userName ne \"x\"", "userName pr",
        "title eq \"grösse\" or title eq \"GRÖßE\"", "title eq \"gr\\u00f6\\u00dfe\"", "not (title eq \"x\")",
        "NOT(title pr) or id pr",
        "id eq \"0199-aa\"", "externalId eq \"Ab1\"", "profileUrl ew \"Ann\"",
        "active eq true", "active eq \"True\"", "active eq TRUE", "active ne false", "active ne \"False\"",
        "emails eq \"ANN@home.test\"", "emails co \"@home\"", "emails.value ew \"home.test\"", "emails.primary eq true",
        "emails[type eq \"work\" and value co \"@work\"]", "emails[type eq \"work\"].value eq \"ann@work.test\"",
        "emails[type eq work].value eq ann@work.test", "emails[type eq \"home\"].primary ne true",
        "emails[not (type eq \"work\")]", "emails pr", "emails[type eq \"home\"].value pr", "emails.type eq \"home\"",
        "emails[type eq \"home\"].primary eq null", "emails[type eq \"other\"].value ne \"x\"",
        "groups eq \"g2\"", "groups.value eq \"g1\"", "groups.display eq \"dev\"", "name.familyName eq \"lee\"",
        "name pr",
        "department eq \"ops\"", "manager eq \"m1\"", "manager.value eq \"m1\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"ops\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager.value eq \"m1\"",
        "URN:ietf:params:SCIM:schemas:extension:enterprise:2.0:user:DEPARTMENT eq \"ops\"",
        "meta.created gt 2015-10-10T14:38:21.8617979-07:00", "meta.created eq \"2026-11-29T10:00:00.123+01:00\"",
        "meta.created eq \"2026-11-29T09:00:00.123000000000Z\"", "meta.created lt \"2026-11-29T09:00:00.1230001Z\"",
        "meta.lastModified ge \"2026-11-30T09:00:00Z\"", "meta.created sw \"2026-11\"",
        "nickName eq \"a (b] and c\"", "userType eq null", "not (title eq null)", "title ne null",
        "userName eq \"x\" and title pr or active eq true", "active eq true or userName eq \"x\" and title eq \"y\"",
        "active eq false and title pr or active eq true", "  active   eq   true  ", "schemas co \"core:2.0:User\"",
        "password ne \"x\"", "title eq \"x\" or ((active eq true))"})
    void matches(String text) {
        assertThat(filter(text).matches(ANN.values())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "userName eq \"ann\"", "externalId eq \"ab1\"", "externalId co \"AB\"", "id eq \"0199-AA\"",
        "profileUrl ew \"ann\"",
        "userName gt \"b\"", "userName ne \"ann.LEE@example.com\"", "active eq false", "active eq \"False\"",
        "emails[type eq \"work\" and value co \"@home\"]", "emails[type eq \"work\"].value eq \"ann@home.test\"",
        "emails ne \"ann@home.test\"", "emails[type eq \"home\"].primary pr", "userType pr", "title eq null",
        "userType eq \"null\"", "userType gt \"\"", "meta.created gt \"2026-11-29T09:00:00.1230001Z\"",
        "meta.created lt 2015-10-10T14:38:21Z",
        "userName eq \"x\" and (title pr or active eq true)", "not (active eq true)",
        "not (active eq true) and title pr",
        "password eq \"x\"", "password pr", "photos[type eq \"x\"].value eq \"y\"", "photos.value co \"x\"",
        "urn:example:scim:schemas:Foo:bar eq \"x\"", "addresses.locality eq \"x\"",
        "emails[type eq \"work\"].value ne ann@work.test"})
    void does_not_match(String text) {
        assertThat(filter(text).matches(ANN.values())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "userName", "userName eq", "userName eq 'ann'", "userName eq \"ann", "userName xx \"ann\"",
        "eq \"ann\"",
        "userName eq \"ann\" and", "and userName pr", "(userName pr", "userName pr)", "userName pr title pr",
        "not userName pr",
        "userName eq \"a\"b", "userName eq a\"b\"", "userName eq \"\\x\"", "userName eq \"\\u12\"",
        "emails[type eq \"work\"", "emails[]",
        "emails[type eq \"work\"].value", "emails[type eq \"work\"]value eq \"x\"", "emails[emails[type pr]]",
        "userName[value eq \"x\"]",
        "actve eq true", "emails.foo eq \"x\"", "emails[foo eq \"x\"]", "name.first eq \"x\"", "a.b.c eq \"x\"",
        "user name eq \"x\"",
        "active gt true", "active co \"t\"", "active eq \"yes\"", "active gt null", "title co null",
        "meta.created gt \"yesterday\"",
        "name eq \"x\"", "addresses co \"x\"", "meta pr and", "urn:ietf:params:scim:schemas:core:2.0:User eq \"x\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:foo eq \"x\"", "userName eq (ann)", "userName eq [x]",
        "members eq \"x\"", "é eq \"x\""})
    void is_refused(String text) {
        Wire.refused(ScimType.INVALID_FILTER, () -> filter(text));
    }

    @Test
    void an_unknown_attribute_is_told_with_the_nearest_name() {
        assertThat(Wire.refused(ScimType.INVALID_FILTER, () -> filter("actve eq true")))
            .isEqualTo("Unknown attribute actve. Did you mean active?");
        assertThat(Wire.refused(ScimType.INVALID_FILTER, () -> filter("shoeSize eq 3")))
            .isEqualTo("Unknown attribute shoeSize");
        assertThat(Wire.refused(ScimType.INVALID_FILTER, () -> filter("x".repeat(9_000) + " pr"))).hasSizeLessThan(200);
    }

    @Test
    void comparisons_levels_and_length_have_limits() {
        var hundred = "title pr" + " or title pr".repeat(99);
        assertThat(filter(hundred).matches(ANN.values())).isTrue();
        Wire.refused(ScimType.INVALID_FILTER, () -> filter(hundred + " or title pr"));
        assertThat(filter("(".repeat(32) + "title pr" + ")".repeat(32)).matches(ANN.values())).isTrue();
        Wire.refused(ScimType.INVALID_FILTER, () -> filter("(".repeat(33) + "title pr" + ")".repeat(33)));
        assertThat(filter("not (".repeat(31) + "emails[type pr]" + ")".repeat(31)).matches(ANN.values())).isFalse();
        Wire.refused(ScimType.INVALID_FILTER, () -> filter("not (".repeat(32) + "emails[type pr]" + ")".repeat(32)));
        Wire.refused(ScimType.INVALID_FILTER, () -> filter("(".repeat(9_999)));
        assertThat(filter("title eq \"" + "x".repeat(9_989) + "\"").matches(ANN.values())).isFalse();
        Wire.refused(ScimType.INVALID_FILTER, () -> filter("title eq \"" + "x".repeat(9_990) + "\""));
        assertThat(filter("(title pr) or ".repeat(50) + "(title pr)").matches(ANN.values())).isTrue();
    }

    @Test
    void a_filter_can_be_taken_apart_for_an_index() {
        assertThat(filter("userName eq \"Ann\" and (active eq true and title pr)").conjuncts()).hasSize(3)
            .first().isInstanceOfSatisfying(Compare.class, compare -> {
                assertThat(compare.isEqual("userName")).isTrue();
                assertThat(compare.operand()).isEqualTo(new Operand.Written("Ann", false, "ann"));
            });
        assertThat(filter("EMAILS[type eq \"work\"].value eq \"A@b.test\"").conjuncts()).singleElement()
            .isInstanceOfSatisfying(Element.class, element -> {
                assertThat(element.name().text()).isEqualTo("emails");
                assertThat(((And) element.filter()).all().getLast())
                    .isInstanceOfSatisfying(Compare.class, compare -> assertThat(compare.isEqual("value")).isTrue());
            });
        assertThat(filter("emails eq \"a@b.test\"")).isInstanceOfSatisfying(Compare.class,
            compare -> assertThat(compare.isEqual("emails.value")).isTrue());
        assertThat(filter("id eq \"a\" or title pr").conjuncts()).hasSize(1);
        assertThat(filter("department eq \"a\"")).isInstanceOfSatisfying(Compare.class,
            compare -> assertThat(compare.isEqual(Wire.ENTERPRISE + ":department")).isTrue());
    }

    @Test
    void text_is_ordered_by_code_point() {
        var emoji = Wire.user("{'title': '\uD83D\uDE00'}").values();
        assertThat(filter("title gt \"\uFF5E\"").matches(emoji)).isTrue();
        assertThat(filter("title lt \"\uD83D\uDE00\uD83D\uDE00\"").matches(emoji)).isTrue();
        assertThat(filter("title lt \"\uFF5E\"").matches(emoji)).isFalse();
    }

    @Test
    void members_of_groups_are_found_by_id() {
        var group = Wire.user("{'displayName': 'Ops', 'members': [{'value': 'u1'}, {'value': 'u2'}]}").values();
        assertThat(Filter.parse(ResourceType.GROUP, "displayName eq \"ops\" and members eq \"u2\"").matches(group))
            .isTrue();
        assertThat(Filter.parse(ResourceType.GROUP, "members[value eq \"u3\"]").matches(group)).isFalse();
    }

    @Test
    void a_plus_in_a_quoted_address_is_no_blank() {
        for (var same : List.of("userName+eq+x", "displayName+eq+%22a+b%22",
            "title+eq+%22a%22+or+userName+eq+%22b@c%22")) {
            assertThat(QueryFilter.withPlus(same)).isEqualTo(same);
        }
        assertThat(QueryFilter.withPlus("userName+eq+%22ann+x@b.test%22+or+title+eq+\"a+b\""))
            .isEqualTo("userName+eq+%22ann%2Bx@b.test%22+or+title+eq+\"a+b\"");
        assertThat(QueryFilter.withPlus("userName+eq+\"ann+x%40b\"")).isEqualTo("userName+eq+\"ann%2Bx%40b\"");
        assertThat(QueryFilter.withPlus("a+eq+%22x+%5C%22+@%22+and")).isEqualTo("a+eq+%22x%2B%5C%22%2B@%22+and");
        assertThat(QueryFilter.withPlus("a+eq+%22@+%5C%5c%22+and+%22+%")).isEqualTo("a+eq+%22@%2B%5C%5c%22+and+%22+%");
        assertThat(QueryFilter.withPlus("\"+@\\")).isEqualTo("\"%2B@\\");
        assertThat(QueryFilter.withPlus("\"@" + "x".repeat(50_000) + "+\"+")).endsWith("x%2B\"+");
    }

    @Test
    void times_are_read_with_any_offset_and_written_truncated() {
        var time = ScimTimes.parse("2015-10-10T14:38:21.8617979-07:00").orElseThrow();
        assertThat(ScimTimes.text(time)).isEqualTo("2015-10-10T21:38:21.861Z");
        assertThat(ScimTimes.parse("2015-10-10T14:38:21")).contains(java.time.Instant.parse("2015-10-10T14:38:21Z"));
        assertThat(ScimTimes.parse("2015-10-10")).isEmpty();
        assertThat(ScimTimes.parse("2015-13-10T14:38:21Z")).isEmpty();
        assertThat(ScimTimes.parse("+12015-12-10T14:38:21Z")).isEmpty();
    }
}
