package roster.core.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import roster.core.reader.PastedLine.Fault;
import roster.core.reader.PeopleReader.People;

/// What is pasted from spreadsheets, mail programs and address books, and who is read from it.
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class PastedFormsTest {
    /// `name <address> (title) roles`, or `! fault`.
    private static String told(PastedLine line) {
        var name = line.name().map(one -> one + " ").orElse("");
        var rest = line.title().map(" (%s)"::formatted).orElse("")
            + (line.roles().isEmpty() ? "" : " " + String.join("; ", line.roles()));
        return line.fault().map(fault -> "! " + switch (fault) {
            case Fault.NoAddress() -> "no address";
            case Fault.CommaForDot(var after) -> "comma after " + after;
            case Fault.BadAddress(var typed) -> "bad " + typed;
            case Fault.TooLong(var characters) -> "long " + characters;
        }).orElseGet(() -> name + "<" + line.email().orElseThrow() + ">" + rest);
    }

    private static List<String> read(String text) {
        return ((People) PeopleReader.read(text)).lines().stream().map(PastedFormsTest::told).toList();
    }

    private static Arguments form(String what, String pasted, String... expected) {
        return Arguments.of(what, pasted, List.of(expected));
    }

    static Stream<Arguments> lines() {
        return Stream.of(
            form("an address", "ann@x.example", "<ann@x.example>"),
            form("addresses, one a line", "ann@x.example\nbob@x.example\r\ncy@x.example\rdi@x.example",
                "<ann@x.example>", "<bob@x.example>", "<cy@x.example>", "<di@x.example>"),
            form("blank lines between", "\n\n ann@x.example \n\t\n\nbob@x.example\n\n", "<ann@x.example>",
                "<bob@x.example>"),
            form("a name", "Ann Lee <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("a quoted name", "\"Ann Lee\" <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("last name first, quoted", "\"Lee, Ann\" <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("last name first", "Lee, Ann <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("Outlook's", "Lee, Ann <ann@x.example>; Roe, Bob <bob@x.example>;", "Ann Lee <ann@x.example>",
                "Bob Roe <bob@x.example>"),
            form("Outlook's, with a department", "Lee, Ann (Sales) <ann@x.example>", "Ann (Sales) Lee <ann@x.example>"),
            form("Outlook's, its own name", "'ann@x.example' <ann@x.example>", "<ann@x.example>"),
            form("Outlook's, its own name, quoted", "\"'ann@x.example'\" <ann@x.example>; bob@x.example",
                "<ann@x.example>", "<bob@x.example>"),
            form("Outlook's, a link", "Ann Lee [mailto:ann@x.example]", "Ann Lee <ann@x.example>"),
            form("Outlook's, with its field", "To: Ann Lee <ann@x.example>; Bob <bob@x.example>",
                "Ann Lee <ann@x.example>", "Bob <bob@x.example>"),
            form("German Outlook's", "An: Müller, Jörg <joerg@x.example>; Weiß, Ute <ute@x.example>",
                "Jörg Müller <joerg@x.example>", "Ute Weiß <ute@x.example>"),
            form("French field", "À : Zoé Léger <zoe@x.example>", "Zoé Léger <zoe@x.example>"),
            form("Spanish field", "Para: Íñigo Peña <inigo@x.example>", "Íñigo Peña <inigo@x.example>"),
            form("Gmail's", "Ann Lee <ann@x.example>, Bob Roe <bob@x.example>, cy@x.example",
                "Ann Lee <ann@x.example>", "Bob Roe <bob@x.example>", "<cy@x.example>"),
            form("Gmail's, quoted", "\"Lee, Ann\" <ann@x.example>, \"Roe, Bob\" <bob@x.example>",
                "Ann Lee <ann@x.example>", "Bob Roe <bob@x.example>"),
            form("Gmail's, its own name", "ann@x.example <ann@x.example>, bob@x.example <bob@x.example>",
                "<ann@x.example>", "<bob@x.example>"),
            form("Gmail's, copied from the header of a letter", "to:\tAnn Lee <ann@x.example>,\n Bob <bob@x.example>",
                "Ann Lee <ann@x.example>", "Bob <bob@x.example>"),
            form("last names first, with commas between", "Lee, Ann <ann@x.example>, Roe, Bob <bob@x.example>",
                "Ann Lee <ann@x.example>", "Bob Roe <bob@x.example>"),
            form("Apple Mail's", "Ann Lee <ann@x.example>, \nBob Roe <bob@x.example>", "Ann Lee <ann@x.example>",
                "Bob Roe <bob@x.example>"),
            form("with blanks between", "ann@x.example bob@x.example  cy@x.example", "<ann@x.example>",
                "<bob@x.example>", "<cy@x.example>"),
            form("with semicolons and none at the end", "ann@x.example;bob@x.example", "<ann@x.example>",
                "<bob@x.example>"),
            form("with commas", "ann@x.example,bob@x.example,", "<ann@x.example>", "<bob@x.example>"),
            form("a sentence's end", "ann@x.example.", "<ann@x.example>"),
            form("a bracket too many", "ann@x.example>", "<ann@x.example>"),
            form("in brackets", "<ann@x.example>", "<ann@x.example>"),
            form("in round brackets", "Ann Lee (ann@x.example)", "Ann Lee <ann@x.example>"),
            form("the name after it", "ann@x.example (Ann Lee)", "Ann Lee <ann@x.example>"),
            form("a link", "mailto:ann@x.example", "<ann@x.example>"),
            form("a link with a subject", "mailto:ann@x.example?subject=Hi", "<ann@x.example>"),
            form("Markdown", "- [Ann Lee](mailto:ann@x.example)\n- [Bob](mailto:bob@x.example)",
                "Ann Lee <ann@x.example>", "Bob <bob@x.example>"),
            form("bullets", "• Ann Lee <ann@x.example>\n* Bob <bob@x.example>\n– cy@x.example",
                "Ann Lee <ann@x.example>", "Bob <bob@x.example>", "<cy@x.example>"),
            form("numbered", "1. Ann Lee ann@x.example\n2) Bob bob@x.example", "Ann Lee <ann@x.example>",
                "Bob <bob@x.example>"),
            form("a dash between", "Ann Lee - ann@x.example", "Ann Lee <ann@x.example>"),
            form("a colon between", "Ann Lee: ann@x.example", "Ann Lee <ann@x.example>"),
            form("a double name", "Ann-Marie Lee-Roe <ann@x.example>", "Ann-Marie Lee-Roe <ann@x.example>"),
            form("an apostrophe", "Síle O’Hara <s.o'hara@x.example>", "Síle O'Hara <s.o'hara@x.example>"),
            form("a suffix", "Ann Lee, PhD <ann@x.example>", "Ann Lee, PhD <ann@x.example>"),
            form("curly quotes", "“Lee, Ann” <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("German quotes", "„Ann Lee“ <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("French quotes", "« Ann Lee » <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("blanks that do not break", "Ann\u00a0Lee\u202f<ann@x.example>\u00a0", "Ann Lee <ann@x.example>"),
            form("a mark at the beginning", "\ufeffann@x.example", "<ann@x.example>"),
            form("blanks without width", "an\u200bn@x.ex\u2060ample\u200e", "<ann@x.example>"),
            form("joiners in a name", "می\u200cنا <mina@x.example>", "می\u200cنا <mina@x.example>"),
            form("capitals stay", "ANN LEE <Ann.Lee@X.EXAMPLE>", "ANN LEE <Ann.Lee@X.EXAMPLE>"),
            form("other scripts", "佐藤 花子 <hanako@例え.jp>", "佐藤 花子 <hanako@例え.jp>"),
            form("a plus", "Ann <ann+roster@x.example>", "Ann <ann+roster@x.example>"),
            form("an underscore at the end", "ann_@x.example", "<ann_@x.example>"),
            form("roles after it", "ann@x.example Support, Billing admin", "<ann@x.example> Support; Billing admin"),
            form("name and roles", "Ann Lee <ann@x.example> Support", "Ann Lee <ann@x.example> Support"),
            form("roles of several", "ann@x.example Support; Bob <bob@x.example> Billing, Audit; cy@x.example",
                "<ann@x.example> Support", "Bob <bob@x.example> Billing; Audit", "<cy@x.example>"),
            form("Excel's cells", "Ann Lee\tann@x.example\tSupport\nBob Roe\tbob@x.example\t",
                "Ann Lee <ann@x.example> Support", "Bob Roe <bob@x.example>"),
            form("Excel's cells, name in two", "Ann\tLee\tann@x.example", "Ann Lee <ann@x.example>"),
            form("Excel's cells with numbers", "1\tAnn Lee\tann@x.example\n2\tBob\tbob@x.example",
                "Ann Lee <ann@x.example>", "Bob <bob@x.example>"),
            form("Excel's cells, empty ones between", "Ann Lee\t\tann@x.example\t\tSupport\tBilling",
                "Ann Lee <ann@x.example> Support; Billing"),
            form("a CSV without a header", "Ann,Lee,ann@x.example,Support", "Ann Lee <ann@x.example> Support"),
            form("a CSV with semicolons, without a header", "\"Ann\";\"Lee\";\"ann@x.example\"",
                "Ann Lee <ann@x.example>"),
            form("a comma for a dot", "joão.silva@contoso,example", "! comma after contoso"),
            form("a comma for a dot, with a name", "João <joao@contoso,com>", "! comma after contoso"),
            form("a comma for a later dot", "joao@mail.contoso,com", "! comma after mail.contoso"),
            form("a comma for a dot among others", "ann@x.example, joao@contoso,example, bob@x.example",
                "<ann@x.example>",
                "! comma after contoso", "<bob@x.example>"),
            form("a role that begins like a domain", "Ann,ann@x.example,community", "Ann <ann@x.example> community"),
            form("quoted twice", "\"Ann \"\"Annie\"\" Lee\" <ann@x.example>", "Ann \"Annie\" Lee <ann@x.example>"),
            form("no address", "Ann Lee", "! no address"),
            form("no address among others", "Ann Lee; bob@x.example; cy@x.example", "! no address",
                "<bob@x.example>", "<cy@x.example>"),
            form("an at sign too many", "ann@@x.example", "! bad ann@@x.example"),
            form("two domains", "ann@x@y.example", "! bad ann@x@y.example"),
            form("nothing before it", "@x.example", "! bad @x.example"),
            form("two dots", "ann@x..example", "! bad ann@x..example"),
            form("no domain", "ann@ x.example", "! bad ann@"),
            form("an at sign alone", "@", "! no address"),
            form("markup", "<script>alert(1)</script> ann@x.example", "<script>alert(1)</script> <ann@x.example>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"lines", "tables"})
    void a_form_is_read(String what, String pasted, List<String> expected) {
        assertThat(read(pasted)).as(what).isEqualTo(expected);
    }

    static Stream<Arguments> tables() {
        return Stream.of(
            form("as import has it", "email,name,title,roles\nann@x.example,Ann Lee,Nurse,Support;Billing\n",
                "Ann Lee <ann@x.example> (Nurse) Support; Billing"),
            form("in another order", "Roles,Name,EMAIL\nSupport,\"Lee, Ann\",ann@x.example",
                "Lee, Ann <ann@x.example> Support"),
            form("as export writes it", "\ufeffemail,name,title,roles,invite\r\nann@x.example,'=Ann,,,no\r\n",
                "=Ann <ann@x.example>"),
            form("a CSV of Germany", "E-Mail;Vorname;Nachname;Rolle\njoerg@x.example;Jörg;Müller;Support\n"
                + "ute@x.example;Ute;Weiß;", "Jörg Müller <joerg@x.example> Support", "Ute Weiß <ute@x.example>"),
            form("a CSV of France", "\"Nom\";\"Prénom\";\"Courriel\"\n\"Léger\";\"Zoé\";\"zoe@x.example\"",
                "Zoé Léger <zoe@x.example>"),
            form("a CSV of Spain", "nombre;apellidos;correo electrónico\nÍñigo;Peña Ruiz;inigo@x.example",
                "Íñigo Peña Ruiz <inigo@x.example>"),
            form("Excel's, with its separator", "sep=;\nemail;name\nann@x.example;Lee, Ann",
                "Lee, Ann <ann@x.example>"),
            form("cells with tabs", "Name\tEmail\nAnn Lee\tann@x.example", "Ann Lee <ann@x.example>"),
            form("Outlook's address book", "First Name,Middle Name,Last Name,Title,E-mail Address\n"
                + "Ann,,Lee,Dr,ann@x.example", "Ann Lee <ann@x.example> (Dr)"),
            form("Google's address book", "Name,Given Name,E-mail 1 - Type,E-mail 1 - Value\n"
                + "Ann Lee,Ann,* Work,ann@x.example", "Ann Lee <ann@x.example>"),
            form("other columns", "id,email,phone\n7,ann@x.example,+43 1 2345", "<ann@x.example>"),
            form("a column alone", "Email\nann@x.example\n\nLee, Bob <bob@x.example>\n", "<ann@x.example>",
                "Bob Lee <bob@x.example>"),
            form("a comma in a semicolon file", "email;name\njoao@contoso,example;João", "! comma after contoso"),
            form("lines of other lengths", "email,name,roles\nann@x.example\nbob@x.example,Bob,Support,extra",
                "<ann@x.example>", "Bob <bob@x.example> Support"),
            form("blanks around", " email , name \n ann@x.example , Ann Lee ", "Ann Lee <ann@x.example>"),
            form("a cell of two lines", "email,name\nann@x.example,\"Ann\nLee\"", "Ann\nLee <ann@x.example>"),
            form("no address in a line", "email,name\n,Ann Lee\n,,\n", "! no address"),
            form("an address with its name", "name,email\n,Ann Lee <ann@x.example>", "Ann Lee <ann@x.example>"),
            form("two addresses in a cell", "email,roles\nann@x.example bob@x.example,Support",
                "<ann@x.example> Support", "<bob@x.example> Support"),
            form("a quote without an end", "email,name\nann@x.example,\"Ann\nbob@x.example,Bob",
                "Ann\nbob@x.example,Bob <ann@x.example>"));
    }

    @Test
    void a_file_is_read_in_the_encodings_of_spreadsheets() {
        var text = "E-Mail;Name\njoerg@x.example;Jörg “Jo” Müller – €";
        for (var charset : List.of(StandardCharsets.UTF_8, Charset.forName("windows-1252"), StandardCharsets.UTF_16)) {
            var people = (People) PeopleReader.read(text.getBytes(charset));
            assertThat(people.lines().stream().map(PastedFormsTest::told)).as(charset.name())
                .containsExactly("Jörg \"Jo\" Müller – € <joerg@x.example>");
            assertThat(people.windows()).isEqualTo(charset.name().equals("windows-1252"));
        }
    }

    @Test
    void lines_with_faults_can_be_pasted_again_with_their_header() {
        var first = (People) PeopleReader.read("email;name\njoao@contoso,example;\"Silva; João\"\nann@x.example;Ann");
        var again = first.header().orElseThrow() + "\n" + first.lines().getFirst().source();
        assertThat(read(again)).isEqualTo(List.of("! comma after contoso"));
        assertThat(read(again.replace("contoso,", "contoso.")))
            .isEqualTo(List.of("Silva; João <joao@contoso.example>"));
    }
}
