package roster.promise;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import roster.base.http.Route;
import roster.support.Recipe;
import roster.support.TestOrg;

/// The recipes of all test classes: each class that has a static `RECIPES`.
final class Recipes {
    private static final String FIELD = "RECIPES";
    private static final List<Recipe> ALL = collected();

    private Recipes() {}

    private static List<Recipe> collected() {
        var all = new ArrayList<Recipe>();
        for (var type : testClasses()) {
            try {
                var field = type.getDeclaredField(FIELD);
                field.setAccessible(true);
                for (var recipe : (List<?>) field.get(null)) {
                    all.add((Recipe) recipe);
                }
            } catch (NoSuchFieldException e) {
                continue; // brings none
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return List.copyOf(all);
    }

    /// Found, but not initialised: some start a server of their own then.
    private static List<Class<?>> testClasses() {
        try {
            var root = Path.of(Recipes.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(root)) {
                var names =
                    files.map(file -> root.relativize(file).toString()).filter(file -> file.endsWith("Test.class"))
                        .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.')).sorted()
                        .toList();
                var types = new ArrayList<Class<?>>();
                for (var name : names) {
                    types.add(Class.forName(name, false, Recipes.class.getClassLoader()));
                }
                return types;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Recipe> all() {
        return ALL;
    }

    static String name(Route route) {
        return route.method() + " " + route.template();
    }

    static boolean changes(Route route) {
        return !route.method().equals("GET") && !route.method().equals("OPTIONS")
            && !route.template().endsWith("/search") && !route.template().endsWith("/.search")
            && !route.template().endsWith("/check") && !isNotThere(route);
    }

    /// Known to the protocol of the route, and answered with 501.
    static boolean isNotThere(Route route) {
        return route.template().endsWith("/Me") && !route.method().equals("GET");
    }

    /// A form for browsers that have been shown it: without their cookies it is refused. The tests of attacks go through them.
    static boolean forBrowsers(Route route) {
        return route.needs().isSession() || route.template().startsWith("/sign-in")
            || route.template().endsWith("/with/{provider_id}");
    }

    /// A route that only reads and takes no id is its own recipe.
    static boolean needsNone(Route route) {
        return !changes(route) && !route.template().contains("{");
    }

    /// A valid request for this route in this organisation.
    static Recipe.Call call(Route route, TestOrg org) {
        var recipe = ALL.stream().filter(some -> some.route().equals(name(route))).findFirst();
        if (recipe.isEmpty() && !needsNone(route)) {
            throw new AssertionError("%s has no recipe: add a request that it accepts to RECIPES in its test class"
                .formatted(name(route)));
        }
        return recipe.map(found -> found.call().apply(org)).orElseGet(() -> new Recipe.Call(route.template()));
    }
}
