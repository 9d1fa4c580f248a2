package roster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Three wings over the words of the model: `base` knows no user, `core` holds nouns and rules, `door` lets callers in.
/// A room is a package.
class RoomsTest {
    private static final String MODEL = "roster.model";
    private static final String BASE = "roster.base";
    private static final String CORE = "roster.core";
    private static final String DOOR = "roster.door";

    /// Templates, compiled: each belongs to the room whose view it renders, so none has a place of its own.
    private static final String TEMPLATES = "roster.jte";

    private static final JavaClasses CLASSES =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("roster");

    private static boolean in(String packageName, String wing) {
        return packageName.equals(wing) || packageName.startsWith(wing + ".");
    }

    private static boolean ours(String packageName) {
        return in(packageName, "roster");
    }

    private static Stream<Dependency> dependencies() {
        return CLASSES.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    private static String from(Dependency dependency) {
        return dependency.getOriginClass().getPackageName();
    }

    private static String to(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType().getPackageName();
    }

    private static List<String> described(Predicate<Dependency> wrong) {
        return dependencies().filter(wrong).map(Dependency::getDescription).distinct().toList();
    }

    @Test
    void base_imports_no_core() {
        assertThat(described(dependency -> in(from(dependency), BASE)
            && ours(to(dependency)) && !in(to(dependency), BASE) && !in(to(dependency), MODEL))).isEmpty();
    }

    @Test
    void core_imports_no_door() {
        assertThat(described(dependency -> in(from(dependency), CORE) && ours(to(dependency))
            && !in(to(dependency), CORE) && !in(to(dependency), BASE) && !in(to(dependency), MODEL))).isEmpty();
    }

    @Test
    void core_imports_no_http_and_no_jsonapi() {
        assertThat(described(dependency -> in(from(dependency), CORE)
            && (in(to(dependency), "roster.base.http") || in(to(dependency), "roster.base.jsonapi")))).isEmpty();
    }

    @Test
    void a_door_imports_no_other_door() {
        assertThat(described(dependency -> in(from(dependency), DOOR) && in(to(dependency), DOOR)
            && !door(from(dependency)).equals(door(to(dependency))))).isEmpty();
        assertThat(described(dependency -> in(from(dependency), DOOR) && to(dependency).equals("roster"))).isEmpty();
    }

    /// `roster.door.api` for all packages below it.
    private static String door(String packageName) {
        return String.join(".", List.of(packageName.split("\\.")).subList(0, 3));
    }

    @Test
    void every_package_is_in_a_wing() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName()).distinct()
            .filter(name -> !name.equals("roster") && !in(name, MODEL) && !in(name, BASE) && !in(name, CORE)
                && !in(name, DOOR) && !in(name, TEMPLATES)))
            .isEmpty();
    }

    @Test
    void there_is_no_circle_between_rooms() {
        var uses = new TreeMap<String, Set<String>>();
        dependencies().filter(dependency -> ours(to(dependency)) && !in(from(dependency), TEMPLATES))
            .filter(dependency -> !from(dependency).equals(to(dependency)))
            .forEach(dependency -> uses.computeIfAbsent(from(dependency), _ -> new TreeSet<>()).add(to(dependency)));

        assertThat(circle(uses)).isEmpty();
        assertThat(circle(Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("a")))).isPresent();
    }

    private static Optional<List<String>> circle(Map<String, Set<String>> uses) {
        var done = new HashSet<String>();
        for (var room : uses.keySet()) {
            var found = circle(uses, room, new ArrayList<>(), done);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<List<String>> circle(Map<String, Set<String>> uses, String room, List<String> way,
        Set<String> done) {
        if (way.contains(room)) {
            way.add(room);
            return Optional.of(way.subList(way.indexOf(room), way.size()));
        }
        if (!done.contains(room)) {
            way.add(room);
            for (var next : uses.getOrDefault(room, Set.of())) {
                var found = circle(uses, next, way, done);
                if (found.isPresent()) {
                    return found;
                }
            }
            way.removeLast();
            done.add(room);
        }
        return Optional.empty();
    }

    @Test
    void templates_are_rendered_by_name_and_used_by_no_class() {
        assertThat(described(dependency -> in(to(dependency), TEMPLATES) && !in(from(dependency), TEMPLATES)))
            .isEmpty();
    }

    @Test
    void only_one_room_knows_the_http_library() {
        assertThat(described(
            dependency -> to(dependency).startsWith("io.netty") && !from(dependency).equals("roster.base.http")))
            .isEmpty();
    }

    @Test
    void only_one_room_speaks_to_the_database() {
        assertThat(described(dependency -> !from(dependency).equals("roster.base.db")
            && (to(dependency).startsWith("java.sql") || to(dependency).startsWith("javax.sql")
                || to(dependency).startsWith("org.jdbi") || to(dependency).startsWith("org.postgresql")
                || to(dependency).startsWith("com.zaxxer") || to(dependency).startsWith("org.flywaydb"))))
            .isEmpty();
    }

    /// Pages ask nouns: no SQL, and no comparison of permissions, which the table of routes has.
    @Test
    void pages_have_no_sql_and_compare_no_permissions() {
        var sql = Set.of("query", "later", "laterOptional", "update", "insert", "insertAll");
        assertThat(CLASSES.stream().filter(type -> in(type.getPackageName(), "roster.door.web"))
            .flatMap(type -> type.getMethodCallsFromSelf().stream())
            .filter(call -> call.getTargetOwner().getPackageName().equals("roster.base.db")
                && sql.contains(call.getName())
                || call.getTargetOwner().getName().equals("roster.model.Caller")
                    && Set.of("holds", "holdsAll", "permissions").contains(call.getName()))
            .map(call -> call.getDescription())).isEmpty();
        assertThat(CLASSES.stream().filter(type -> in(type.getPackageName(), "roster.core.user"))
            .flatMap(type -> type.getMethodCallsFromSelf().stream())).anyMatch(call -> call.getName().equals("query"));
    }

    @Test
    void the_model_needs_nothing_but_the_jdk() {
        // Ids of version 7, and the names of domains by the newer rules, are what the JDK cannot make.
        var known = List.of("java.", MODEL, "com.github.f4b6a3.uuid", "com.ibm.icu");

        assertThat(described(dependency -> in(from(dependency), MODEL)
            && known.stream().noneMatch(to(dependency)::startsWith))).isEmpty();
    }

    @Test
    void the_rules_see_dependencies_at_all() {
        assertThat(dependencies().filter(dependency -> from(dependency).equals("roster.base.http")).map(RoomsTest::to))
            .anyMatch(name -> name.startsWith("io.netty"));
        assertThat(dependencies().filter(dependency -> from(dependency).equals("roster.base.db")).map(RoomsTest::to))
            .anyMatch(name -> name.startsWith("org.jdbi"));
        assertThat(dependencies().filter(dependency -> in(from(dependency), DOOR)).map(RoomsTest::to))
            .contains(MODEL, "roster.base.db").anyMatch(name -> in(name, CORE));
    }
}
