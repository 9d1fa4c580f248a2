package roster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A room is a package; it uses the rooms before it and none after. So there are no cycles either.
class RoomsTest {
    /// In order. The last is the root package, where everything is put together.
    private static final List<String> ROOMS = List.of("model", "db", "http", "jsonapi", "audit", "access", "mail",
        "org", "role", "saml", "key", "user", "invitation", "scim", "console", "command", "");

    /// Pages, compiled from templates: each is a part of the room whose model it shows, so none has a place of its own.
    private static final String TEMPLATES = "jte";

    private static final JavaClasses CLASSES =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("roster");

    /// @return the name of a class's package below `roster`; what is outside has none
    private static String room(String packageName) {
        return packageName.equals("roster") ? "" : packageName.substring("roster.".length()).split("\\.")[0];
    }

    private static boolean ours(String packageName) {
        return packageName.equals("roster") || packageName.startsWith("roster.");
    }

    private static Stream<Dependency> dependencies() {
        return CLASSES.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream());
    }

    private static String from(Dependency dependency) {
        return room(dependency.getOriginClass().getPackageName());
    }

    private static String to(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType().getPackageName();
    }

    private static List<String> described(Predicate<Dependency> wrong) {
        return dependencies().filter(wrong).map(Dependency::getDescription).distinct().toList();
    }

    @Test
    void every_package_is_a_room_of_the_house() {
        var rooms = CLASSES.stream().map(type -> room(type.getPackageName()))
            .collect(Collectors.toCollection(TreeSet::new));
        rooms.remove(TEMPLATES);

        assertThat(ROOMS).containsAll(rooms);
        assertThat(rooms).contains("model", "db", "http", "user", "");
    }

    @Test
    void rooms_are_one_level_deep() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName()).distinct()
            .filter(name -> !name.startsWith("roster." + TEMPLATES))).allMatch(name -> name.split("\\.").length <= 2);
    }

    @Test
    void a_room_uses_only_the_rooms_before_it() {
        assertThat(described(dependency -> ours(to(dependency)) && !from(dependency).equals(TEMPLATES)
            && !room(to(dependency)).equals(TEMPLATES)
            && ROOMS.indexOf(room(to(dependency))) > ROOMS.indexOf(from(dependency)))).isEmpty();
    }

    @Test
    void templates_are_rendered_by_name_and_used_by_nobody() {
        assertThat(described(dependency -> ours(to(dependency)) && room(to(dependency)).equals(TEMPLATES)
            && !from(dependency).equals(TEMPLATES))).isEmpty();
    }

    @Test
    void only_the_http_room_knows_the_http_library() {
        assertThat(described(dependency -> to(dependency).startsWith("io.helidon") && !from(dependency).equals("http")))
            .isEmpty();
    }

    @Test
    void only_the_db_room_speaks_to_the_database() {
        assertThat(described(dependency -> !from(dependency).equals("db")
            && (to(dependency).startsWith("java.sql") || to(dependency).startsWith("javax.sql")
                || to(dependency).startsWith("org.jdbi") || to(dependency).startsWith("org.postgresql")
                || to(dependency).startsWith("com.zaxxer") || to(dependency).startsWith("org.flywaydb"))))
            .isEmpty();
    }

    @Test
    void the_words_need_nothing_but_the_jdk() {
        // Ids of version 7 are what the JDK cannot make.
        var known = List.of("java.", "roster.model", "com.github.f4b6a3.uuid");

        assertThat(described(dependency -> from(dependency).equals("model")
            && known.stream().noneMatch(to(dependency)::startsWith))).isEmpty();
    }

    @Test
    void the_rules_see_dependencies_at_all() {
        assertThat(dependencies().filter(dependency -> from(dependency).equals("http")).map(RoomsTest::to))
            .anyMatch(name -> name.startsWith("io.helidon"));
        assertThat(dependencies().filter(dependency -> from(dependency).equals("db")).map(RoomsTest::to))
            .anyMatch(name -> name.startsWith("org.jdbi"));
        assertThat(dependencies().filter(dependency -> from(dependency).equals("user")).map(RoomsTest::to))
            .contains("roster.model", "roster.db", "roster.http");
    }
}
