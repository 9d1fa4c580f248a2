import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Writes `docs/licences.md`: under which licence each library and each tool of the build may be used. Fails where the file
/// is out of date, and where a licence is not among those allowed here.
///
/// The build runs it with Maven's own JDK, which may be 17, after Maven has resolved everything: what it reads is Maven's
/// list of libraries, `pom.xml` for the plugins, the lock file of the TypeScript client, and the POMs in Maven's local
/// repository. It asks nothing of the network, and writes no dates or paths, so that the same dependencies make the same file.
final class Licences {
    /// What may be in the product: licences that ask for no more than to be named, and the EPL, which holds for the library's
    /// own files alone.
    private static final Set<String> IN_THE_PRODUCT =
        Set.of("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-2.0", "MIT", "PostgreSQL",
            "Unicode-3.0");

    /// What may be in tests and in the build besides, of which nothing is passed on.
    private static final Set<String> IN_TOOLS =
        Set.of("EPL-1.0", "GPL-2.0-with-classpath-exception", "ISC", "MPL-2.0", "Unlicense", "W3C", "Zlib");

    /// Which licence a name in a POM means, as its SPDX identifier. Names are compared in lower case, without commas and
    /// "the".
    private static final Map<String, Pattern> NAMES = Map.ofEntries(
        name("0BSD", "0bsd"),
        name("Apache-2.0", "(apache|asf)( software| public)?( license)?( version)?[ -]2\\.0"),
        name("BSD-2-Clause", "bsd[ -]2-clause( license)?"),
        name("BSD-3-Clause",
            "bsd[ -]3-clause( license)?|modified bsd|edl 1\\.0|eclipse distribution license - v 1\\.0"),
        name("CC0-1.0", "cc0-1\\.0|public domain per creative commons cc0"),
        name("EPL-1.0", "epl[ -]1\\.0|eclipse public license 1\\.0"),
        name("EPL-2.0", "epl[ -]2\\.0|eclipse public license( -)? v(ersion)? ?2\\.0"),
        name("GPL-2.0", "gnu general public license version 2 \\(gplv2\\)"),
        name("GPL-2.0-with-classpath-exception", "gpl-2\\.0-with-classpath-exception|gpl2 w/ cpe"
            + "|gnu general public license \\(gpl\\) version 2 with classpath exception"),
        name("LGPL-2.1", "lgpl[ -]2\\.1|gnu lesser general public license version 2\\.1 \\(lgplv2\\.1\\)"),
        name("LGPL-3.0-or-later", "lesser general public license version 3 or greater"),
        name("MIT", "mit( license)?|jquery license|bouncy castle licence"),
        name("MPL-1.1", "mpl[ -]1\\.1"),
        name("MPL-2.0", "mpl[ -]2\\.0|mozilla public license version 2\\.0"),
        name("Unicode-3.0", "unicode-3\\.0"),
        name("W3C", "w3c license"));

    /// Where the name says too little ("BSD"), its address decides.
    private static final Map<String, String> ADDRESSES = Map.of(
        "asm.ow2.io/license.html", "BSD-3-Clause",
        "creativecommons.org/publicdomain/zero/1.0", "CC0-1.0",
        "gnu.org/licenses/old-licenses/lgpl-2.1.html", "LGPL-2.1",
        "opensource.org/licenses/BSD-3-Clause", "BSD-3-Clause");

    /// Where a library may be used under the one licence or the other: the one we use it under. Where nothing is chosen, each
    /// licence of a POM has to be allowed, since a POM does not say whether all of them hold.
    private static final Map<String, String> CHOSEN = Map.ofEntries(
        Map.entry("ch.qos.logback:", "EPL-2.0"),
        Map.entry("com.github.java-json-tools:", "Apache-2.0"),
        Map.entry("com.sun.mail:mailapi", "GPL-2.0-with-classpath-exception"),
        Map.entry("com.unboundid.product.scim2:", "Apache-2.0"),
        Map.entry("jakarta.mail:jakarta.mail-api", "EPL-2.0"),
        Map.entry("json-schema", "BSD-3-Clause"),
        Map.entry("node-forge", "BSD-3-Clause"),
        Map.entry("org.eclipse.angus:angus-mail", "EPL-2.0"),
        Map.entry("org.javassist:javassist", "Apache-2.0"),
        Map.entry("stream-length", "CC0-1.0"));

    /// Where a POM or the lock file says nothing, not all, or something that no rule above can read.
    private static final Map<String, List<String>> INSTEAD = Map.of(
        "com.sun.mail:mailapi", List.of("CDDL-1.1", "GPL-2.0-with-classpath-exception"), // "CDDL/GPLv2+CE"
        "httpntlm", List.of("MIT"), // in an older form, which npm leaves out
        "io.zonky.test.postgres:", List.of("Apache-2.0", "PostgreSQL"), // the wrapping, and what is wrapped
        "stack-trace", List.of("MIT"), // its file "License"
        "stream-length", List.of("CC0-1.0", "WTFPL")); // its README: whichever one prefers

    private static final String INTRODUCTION = """
        # Licences

        Roster is under Apache-2.0. These are the licences of what it is made of, tested and built with, by their SPDX identifiers. The
        build writes this page from what Maven resolved and what each part says of itself. `mvn verify` fails where the page is out of
        date, or where a licence is not among the allowed ones.

        A part under several licences must have all of them allowed, or one is chosen.

        - Allowed in the product: %s
        - Allowed in tests and in the build besides: %s
        """;

    private static final String PRODUCT = """

        ## In the product

        The archives of PostgreSQL also hold the libraries it loads, each under its own licence: ICU, OpenSSL, libxml2, libxslt, zlib, xz
        and OSSP uuid on Linux; ICU, OpenSSL, libxml2, zlib, lz4, Zstandard, MIT Kerberos, libedit, libuuid and GNU libiconv and libintl
        (LGPL, as libraries of their own) on macOS.

        """;

    private static final String TESTS = """

        ## In tests

        """;

    private static final String CLIENT = """

        ## In tests, from npm

        """;

    private static final String BUILD = """

        ## In the build

        Plugins of Maven and annotation processors. What they load in turn is theirs, and not listed.

        """;

    private static final Set<String> SCOPES_OF_THE_PRODUCT = Set.of("compile", "runtime");

    private static final Pattern PACKAGE =
        Pattern.compile("\"(?:node_modules/[^\"]+/)?node_modules/((?:@[^/\"]+/)?[^/\"]+)\": \\{(.*?)\n    \\}",
            Pattern.DOTALL);

    /// @param licences the SPDX identifiers
    private record Part(String name, String version, List<String> licences) {}

    private final Path repository;
    private final List<String> refusals = new ArrayList<>();

    private Licences(Path repository) {
        this.repository = repository;
    }

    /// @param args Maven's local repository, its list of libraries, the POM, the lock file of npm, the page as it should be,
    ///        the page as it is
    public static void main(String[] args) throws Exception {
        var licences = new Licences(Path.of(args[0]));
        var page = licences.page(Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
        Files.writeString(Path.of(args[4]), page);
        licences.refusals.forEach(System.err::println);
        if (!licences.refusals.isEmpty()) {
            System.err.println("Take something else, or, after reading the licence, allow it in build/Licences.java.");
            System.exit(1);
        }
        var present = Path.of(args[5]);
        // On Windows a checkout may have other line ends.
        if (!Files.exists(present) || !Files.readString(present).replace("\r\n", "\n").equals(page)) {
            System.err.println("docs/licences.md is out of date; target/licences/licences.md is the new one. Copy it.");
            System.exit(1);
        }
    }

    private String page(Path libraries, Path pom, Path lock) throws Exception {
        var product = new ArrayList<Part>();
        var tests = new ArrayList<Part>();
        for (var line : Files.readAllLines(libraries)) {
            // group:artifact:type[:classifier]:version:scope, and what Maven adds on modules
            var words = line.strip().split(" ", 2)[0].split(":");
            if (words.length >= 5) {
                var part = part(words[0], words[1], words[words.length - 2]);
                (SCOPES_OF_THE_PRODUCT.contains(words[words.length - 1]) ? product : tests).add(part);
            }
        }
        if (product.isEmpty() || tests.isEmpty()) {
            throw new IllegalStateException("No libraries in " + libraries);
        }
        var tools = Stream.concat(IN_THE_PRODUCT.stream(), IN_TOOLS.stream()).collect(Collectors.toSet());
        return INTRODUCTION.formatted(String.join(", ", new TreeSet<>(IN_THE_PRODUCT)),
            String.join(", ", new TreeSet<>(IN_TOOLS)))
            + PRODUCT + table(product, IN_THE_PRODUCT) + TESTS + table(tests, tools)
            + CLIENT + table(packages(lock), tools) + BUILD + table(plugins(pom), tools);
    }

    private String table(List<Part> parts, Set<String> allowed) {
        var rows = new TreeMap<String, String>();
        for (var part : parts) {
            var all = String.join(", ", new TreeSet<>(part.licences()));
            var chosen = of(part.name(), CHOSEN);
            if (part.licences().isEmpty()) {
                refusals.add("%s %s names no licence.".formatted(part.name(), part.version()));
            } else if (chosen != null && !part.licences().contains(chosen)) {
                refusals.add("%s %s is under %s, not under %s.".formatted(part.name(), part.version(), all, chosen));
            } else if (!allowed.containsAll(chosen == null ? part.licences() : List.of(chosen))) {
                refusals.add("%s %s is under %s: not allowed there.".formatted(part.name(), part.version(), all));
            }
            rows.put(part.name() + ' ' + part.version(), "| `%s` | %s | %s |%n".formatted(part.name(), part.version(),
                chosen == null ? all : "%s (chosen from %s)".formatted(chosen, all)).replace("\r\n", "\n"));
        }
        return "| part | version | licence |\n|---|---|---|\n" + String.join("", rows.values());
    }

    /// The entry for that name, or for its group.
    private static <T> T of(String name, Map<String, T> entries) {
        return entries.getOrDefault(name, entries.get(name.substring(0, name.indexOf(':') + 1)));
    }

    private Part part(String group, String artifact, String version) throws Exception {
        var name = group + ':' + artifact;
        var instead = of(name, INSTEAD);
        return new Part(name, version, instead != null ? instead : licences(group, artifact, version));
    }

    /// Those of the POM, or else those of its parents.
    private List<String> licences(String group, String artifact, String version) throws Exception {
        var file = repository.resolve(group.replace('.', '/')).resolve(artifact).resolve(version)
            .resolve(artifact + '-' + version + ".pom");
        var project = read(file);
        var own = new ArrayList<String>();
        for (var licence : children(child(project, "licenses"), "license")) {
            own.add(identifier(group + ':' + artifact, text(licence, "name"), text(licence, "url")));
        }
        var parent = child(project, "parent");
        return !own.isEmpty() || parent == null ? own
            : licences(text(parent, "groupId"), text(parent, "artifactId"), text(parent, "version"));
    }

    private String identifier(String part, String name, String address) {
        var plain = name.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").replace(",", "").replaceAll("\\bthe ", "");
        var byName = NAMES.entrySet().stream().filter(entry -> entry.getValue().matcher(plain).matches())
            .map(Map.Entry::getKey).findFirst();
        var place = address.replaceFirst("^https?://(www\\.)?", "").replaceFirst("/$", "");
        return byName.orElseGet(() -> ADDRESSES.getOrDefault(place, name.isEmpty() ? "an unnamed licence" : name));
    }

    /// The plugins that run, and the annotation processors: as the POM names them, with the versions of its properties.
    private List<Part> plugins(Path pom) throws Exception {
        var project = read(pom);
        var properties = child(project, "properties");
        var parts = new ArrayList<Part>();
        for (var plugin : children(child(child(project, "build"), "plugins"), "plugin")) {
            parts.add(tool(plugin, properties));
            var processors = child(child(plugin, "configuration"), "annotationProcessorPaths");
            for (var processor : children(processors, "path")) {
                parts.add(tool(processor, properties));
            }
        }
        return parts;
    }

    private Part tool(Element tool, Element properties) throws Exception {
        var property = text(tool, "version").replaceAll("^\\$\\{|}$", "");
        return part(text(tool, "groupId"), text(tool, "artifactId"), text(properties, property));
    }

    /// The packages of an npm lock file, which says their licences itself. A package may have one of its own inside.
    private static List<Part> packages(Path lock) throws IOException {
        var parts = new ArrayList<Part>();
        var found = PACKAGE.matcher(Files.readString(lock).replace("\r\n", "\n"));
        while (found.find()) {
            var licences = List.of(member("license", found.group(2)).replaceAll("[()]", "").split(" AND | OR "));
            parts.add(new Part(found.group(1), member("version", found.group(2)),
                INSTEAD.getOrDefault(found.group(1), licences)));
        }
        return parts;
    }

    private static String member(String name, String object) {
        var found = Pattern.compile("\"" + name + "\": \"([^\"]*)\"").matcher(object);
        return found.find() ? found.group(1) : "nothing";
    }

    private static Map.Entry<String, Pattern> name(String identifier, String pattern) {
        return Map.entry(identifier, Pattern.compile(pattern));
    }

    private static Element read(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }

    private static List<Element> children(Element parent, String name) {
        var children = new ArrayList<Element>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getNodeName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private static Element child(Element parent, String name) {
        return children(parent, name).stream().findFirst().orElse(null);
    }

    private static String text(Element parent, String name) {
        var child = child(parent, name);
        return child == null ? "" : child.getTextContent().strip();
    }
}
