package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.ScimType;

/// Members as a set: nobody reads who is in a group to change it.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SetChangeTest {
    private static String told(SetChange change) {
        return switch (change) {
            case SetChange.Add(var elements) -> "add " + ids(elements);
            case SetChange.Replace(var elements) -> "replace " + ids(elements);
            case SetChange.Remove(var values) -> "remove " + String.join(" ", values);
            case SetChange.RemoveAll _ -> "remove all";
            case SetChange.Other _ -> "other";
        };
    }

    private static String ids(List<Attributes> elements) {
        return String.join(" ", elements.stream().map(one -> one.text("value").orElseThrow()).toList());
    }

    private static List<String> told(String operations) {
        return Wire.groupPatch(operations.replace("`", "\\\"")).changes("members").stream().map(SetChangeTest::told)
            .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        'op': 'Add', 'path': 'members', 'value': [{'$ref': null, 'value': 'a'}]       | add a
        'op': 'add', 'path': 'MEMBERS', 'value': {'value': 'a', 'display': 'A'}       | add a
        'op': 'add', 'path': 'members', 'value': ['a', 'b', 'a']                      | add a b
        'op': 'add', 'path': 'members', 'value': 'a'                                  | add a
        'op': 'add', 'value': {'members': [{'value': 'a'}], 'id': 'x'}                | add a
        'op': 'add', 'path': 'members', 'value': {'members': ['a']}                   | add a
        'op': 'add', 'path': 'urn:ietf:params:scim:schemas:core:2.0:Group:members', 'value': 'a' | add a
        'op': 'replace', 'path': 'members', 'value': ['a', {'value': 'b'}]            | replace a b
        'op': 'replace', 'value': {'members': ['a']}                                  | replace a
        'op': 'replace', 'path': 'members', 'value': []                               | replace ~~
        'op': 'remove', 'path': 'members[value eq `a`]'                               | remove a
        'op': 'remove', 'path': 'members[VALUE EQ a or value eq `b`]'                 | remove a b
        'op': 'Remove', 'path': 'members', 'value': [{'$ref': null, 'value': 'a'}]    | remove a
        'op': 'remove', 'path': 'members', 'value': {'members': [{'value': 'a'}]}     | remove a
        'op': 'remove', 'path': 'members', 'value': {'members': ['a', 'b']}           | remove a b
        'op': 'remove', 'path': 'members', 'value': {'value': 'a'}                    | remove a
        'op': 'remove', 'path': 'members', 'value': ['a']                             | remove a
        'op': 'remove', 'path': 'members', 'value': 'a'                               | remove a
        'op': 'remove', 'path': 'members'                                             | remove all
        'op': 'remove', 'path': 'members', 'value': null                              | remove all
        'op': 'remove', 'path': 'members[type eq `User`]'                             | other
        'op': 'remove', 'path': 'members[value eq `a` and type eq `User`]'            | other
        """)
    void one_change_of_many_forms(String operation, String change) {
        assertThat(told("{" + operation + "}")).singleElement().asString()
            .isEqualToIgnoringWhitespace(change.replace("~~", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'op': 'remove', 'path': 'members', 'value': []",
        "'op': 'remove', 'path': 'members', 'value': {'members': []}",
        "'op': 'add', 'path': 'members', 'value': []", "'op': 'add', 'path': 'members', 'value': null"})
    void nobody_is_no_change(String operation) {
        assertThat(told("{" + operation + "}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        'op': 'replace', 'path': 'members', 'value': null                       | INVALID_VALUE
        'op': 'replace', 'path': 'members', 'value': [{'display': 'a'}]         | INVALID_VALUE
        'op': 'add', 'path': 'members', 'value': [7]                            | INVALID_SYNTAX
        'op': 'replace', 'path': 'members[display eq `x`]', 'value': 'a'        | INVALID_PATH
        'op': 'replace', 'path': 'members[value eq `a`].display', 'value': 'A'  | MUTABILITY
        'op': 'replace', 'path': 'members[value eq `a`].value', 'value': 'b'    | MUTABILITY
        'op': 'remove', 'path': 'displayName'                                   | INVALID_VALUE
        'op': 'replace', 'value': {'displayName': ''}                           | INVALID_VALUE
        """)
    void is_refused(String operation, ScimType type) {
        Wire.refused(type, () -> told("{" + operation + "}"));
    }

    @Test
    void other_attributes_are_applied_and_members_left_alone() {
        var patch = Wire.groupPatch(
            "{'op': 'replace', 'value': {'id': 'g', 'displayName': 'Ops'}}, {'op': 'remove', 'path': 'members'}");
        assertThat(patch.apply(Wire.user("{'displayName': 'x', 'members': [{'value': 'a'}]}")))
            .isEqualTo(Wire.user("{'displayName': 'Ops', 'members': [{'value': 'a'}]}"));
        assertThat(patch.skipped()).containsExactly("id");
    }

    @Test
    void roles_are_a_set_too() {
        var changes = Wire.patch("""
            {'op': 'add', 'path': 'roles', 'value': [{'value': 'a', 'type': 'x'}]}, {'op': 'remove', 'path': 'roles[value eq `a`]'},
            {'op': 'replace', 'path': 'roles[primary eq true].value', 'value': 'b'}""".replace("`", "\\\""))
            .changes("roles");
        assertThat(changes).extracting(change -> told(change)).containsExactly("add a", "remove a", "other");
        assertThat(((SetChange.Add) changes.getFirst()).elements().getFirst().text("type")).contains("x");
        assertThat(SetEffect.of(changes)).isEmpty();
    }

    /// Against a set that is really changed, one after the other.
    @Test
    void the_effect_of_changes_is_that_of_making_them() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            var members = new LinkedHashSet<>(some(random));
            var before = Set.copyOf(members);
            var operations = new ArrayList<String>();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                var ids = some(random);
                var list = String.join(", ", ids.stream()
                    .map(id -> random.nextBoolean() ? "'%s'".formatted(id) : "{'value': '%s'}".formatted(id)).toList());
                switch (random.nextInt(10)) {
                    case 0 -> {
                        operations.add("{'op': 'Remove', 'path': 'members'}");
                        members.clear();
                    }
                    case 1, 2 -> {
                        operations.add("{'op': 'replace', 'path': 'members', 'value': [%s]}".formatted(list));
                        members.clear();
                        members.addAll(ids);
                    }
                    case 3, 4 -> {
                        operations.add("{'op': 'remove', 'path': 'members', 'value': [%s]}".formatted(list));
                        members.removeAll(ids);
                    }
                    case 5 -> {
                        var filter = String.join(" or ", ids.stream().map("value eq `%s`"::formatted).toList());
                        operations.add(ids.isEmpty() ? "{'op': 'add', 'path': 'externalId', 'value': 'x'}"
                            : "{'op': 'remove', 'path': 'members[%s]'}".formatted(filter));
                        members.removeAll(ids);
                    }
                    default -> {
                        operations.add("{'op': 'add', 'value': {'members': [%s]}}".formatted(list));
                        members.addAll(ids);
                    }
                }
            }
            var patch = Wire.groupPatch(String.join(",", operations).replace("`", "\\\""));
            var effect = SetEffect.of(patch.changes("members")).orElseThrow();
            var after = new LinkedHashSet<>(effect.clears() ? Set.of() : before);
            after.removeAll(effect.removed());
            after.addAll(effect.added());
            assertThat(after).as("%s, seed %d", operations, seed).isEqualTo(members);
            assertThat(Collections.disjoint(effect.added(), effect.removed())).isTrue();
        }
    }

    private static List<String> some(Random random) {
        return Stream.of("a", "b", "c", "d", "e").filter(_ -> random.nextInt(3) == 0).toList();
    }

    @Test
    void ten_times_as_much_takes_about_ten_times_as_long() {
        assertLinear(members -> Wire.groupPatch("{'op': 'add', 'path': 'members', 'value': [%s]}".formatted(members)));
        assertLinear(members -> Wire.groupPatch(
            members.replace("{'value'", "{'op': 'remove', 'path': 'members', 'value'")));
        assertLinear(members -> Wire.groupPatch(
            members.replaceAll("\\{'value': '(u\\d+)'\\}",
                "{'op': 'remove', 'path': 'members[value eq \\\\\"$1\\\\\"]'}")));
        Wire.refused(ScimType.TOO_MANY,
            () -> Wire.groupPatch(members(10_001).replace("{'value'", "{'op': 'add', 'path': 'members', 'value'")));
    }

    private static String members(int count) {
        return String.join(",", IntStream.range(0, count).mapToObj("{'value': 'u%d'}"::formatted).toList());
    }

    private static void assertLinear(Function<String, Patch> read) {
        var few = members(1_000);
        var many = members(10_000);
        for (int i = 0; i < 5; i++) {
            assertThat(effects(read.apply(few))).isEqualTo(1_000);
        }
        var ratio = Double.MAX_VALUE;
        for (int i = 0; i < 5 && ratio > 30; i++) {
            var start = System.nanoTime();
            assertThat(effects(read.apply(few))).isEqualTo(1_000);
            var middle = System.nanoTime();
            assertThat(effects(read.apply(many))).isEqualTo(10_000);
            ratio = Math.min(ratio, (double) (System.nanoTime() - middle) / (middle - start));
        }
        assertThat(ratio).isLessThan(30); // of a quadratic one, 100
    }

    private static int effects(Patch patch) {
        var effect = SetEffect.of(patch.changes("members")).orElseThrow();
        return effect.added().size() + effect.removed().size();
    }
}
