package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The help of every command, found by walking the tree of commands and the compiled classes: a new command is checked
/// on the day it is added.
class HelpTest {
    private static final String ROOT = "roster";

    /// @param path as it is typed: `roster org create`
    record Node(String path, Class<?> type) {
        CommandLine.Command command() {
            return type.getAnnotation(CommandLine.Command.class);
        }

        Stream<Node> children() {
            return Stream.of(command().subcommands())
                .map(child -> new Node(path + " " + child.getAnnotation(CommandLine.Command.class).name(), child));
        }

        /// This command and all below it.
        Stream<Node> tree() {
            return Stream.concat(Stream.of(this), children().flatMap(Node::tree));
        }

        String help() {
            var args = new ArrayList<>(List.of(path.split(" ")));
            args.removeFirst();
            args.add("--help");
            assertThat(Commands.parse(args)).isInstanceOf(Commands.Asked.Answered.class);
            var outcome = ((Commands.Asked.Answered) Commands.parse(args)).outcome();
            assertThat(outcome.exit()).isZero();
            assertThat(outcome.err()).isEmpty();
            return outcome.out();
        }

        @Override
        public String toString() {
            return path;
        }
    }

    static Stream<Node> shown() {
        return tree().filter(node -> !node.command().hidden());
    }

    private static Stream<Node> tree() {
        var root =
            annotated().stream().filter(type -> type.getAnnotation(CommandLine.Command.class).name().equals(ROOT))
                .findFirst().orElseThrow();
        return new Node(ROOT, root).tree();
    }

    /// All classes that are a command.
    private static List<Class<?>> annotated() {
        try {
            var root = Path.of(Commands.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(root.resolve("roster"))) {
                var commands = new ArrayList<Class<?>>();
                for (var file : files.filter(file -> file.toString().endsWith(".class")).sorted().toList()) {
                    var name = root.relativize(file).toString().replaceFirst("\\.class$", "").replace('/', '.');
                    var type = Class.forName(name, false, HelpTest.class.getClassLoader());
                    if (type.isAnnotationPresent(CommandLine.Command.class)) {
                        commands.add(type);
                    }
                }
                return commands;
            }
        } catch (IOException | URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void every_command_is_reached_from_the_root_once() {
        assertThat(tree().map(Node::type)).doesNotHaveDuplicates().hasSizeGreaterThan(20)
            .containsExactlyInAnyOrderElementsOf(annotated());
    }

    @ParameterizedTest
    @MethodSource("shown")
    void the_help_describes_the_command_in_sentences(Node node) {
        assertThat(node.command().description()).isNotEmpty()
            .allSatisfy(line -> assertThat(line).matches("[A-Z`].*\\."));
        assertThat(node.help()).contains("Usage: " + node.path())
            .contains(node.command().description()[0].split(" ")[0]);
    }

    @ParameterizedTest
    @MethodSource("shown")
    void a_command_lists_its_subcommands_or_gives_an_example(Node node) {
        var subcommands = node.children().filter(child -> !child.command().hidden()).toList();
        var help = node.help();
        if (subcommands.isEmpty()) {
            assertThat(help).containsPattern("Examples?:\n  (ROSTER_.*)?" + node.path() + "\\b");
        }
        assertThat(listed(help)).containsExactlyInAnyOrderElementsOf(
            subcommands.stream().map(child -> child.command().name()).toList());
    }

    /// What a help lists under "Commands:".
    private static List<String> listed(String help) {
        return help.lines().dropWhile(line -> !line.equals("Commands:")).skip(1).takeWhile(line -> !line.isBlank())
            .filter(line -> line.matches("  \\S.*")).map(line -> line.strip().split(" ")[0]).toList();
    }

    @ParameterizedTest
    @MethodSource("shown")
    void every_option_and_argument_is_described(Node node) {
        var undescribed = new TreeMap<String, Class<?>>();
        for (var field : node.type().getDeclaredFields()) {
            var option = field.getAnnotation(CommandLine.Option.class);
            var argument = field.getAnnotation(CommandLine.Parameters.class);
            if (option != null && !option.hidden()
                && Stream.of(option.description()).collect(Collectors.joining()).isBlank()
                || argument != null && Stream.of(argument.description()).collect(Collectors.joining()).isBlank()) {
                undescribed.put(field.getName(), node.type());
            }
        }
        assertThat(undescribed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"usr --help", "--help usr", "user creat --help", "user --help creat", "usr --version", "usr -h",
            "help usr", "serve now --help"})
    void help_about_what_is_no_command_is_a_usage_error(String typed) {
        var outcome = ((Commands.Asked.Answered) Commands.parse(List.of(typed.split(" ")))).outcome();

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("roster: ");
    }
}
