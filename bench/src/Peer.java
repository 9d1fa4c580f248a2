import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// A product that is asked for the same work as the others, on the same people.
interface Peer {
    /// What all of them are asked for. Lists and searches are in the order of addresses.
    enum Work {
        GET("get one user"), FIRST("list, the first 100"), DEEP("list, 100 near the end"), SEARCH(
            "search by part of an address, 10 shown"), UPDATE("update a name"), CREATE("create a user");

        final String words;

        Work(String words) {
            this.words = words;
        }

        /// wrk's connections. What may take long at many people is asked by fewer of them.
        int clients() {
            return this == DEEP || this == SEARCH ? 8 : 32;
        }
    }

    record Person(String id, String email, String name) {
        String given() {
            return name.contains(" ") ? name.substring(0, name.lastIndexOf(' ')) : name;
        }

        String family() {
            return name.substring(name.lastIndexOf(' ') + 1);
        }
    }

    /// How a product is asked for a work, or why it is not.
    sealed interface Way {}

    /// @param headers names and values in turn
    /// @param body as wrk's script has it; empty: none
    /// @param expected what the answer to the first path contains, in lower case; of a reading only
    record Call(String address, List<String> headers, String method, List<String> paths, String body, String expected)
        implements Way {
        static Call get(String address, List<String> headers, List<String> paths, String expected) {
            return new Call(address, headers, "GET", paths, "", expected);
        }

        /// Sends it once.
        ///
        /// @param word that no other request has
        /// @return the body of the answer
        /// @throws Started.Failed if it is not a success
        String answer(String path, String word) {
            return Http.body(method, address + path, headers, "application/json",
                body.replace("${new}", word).replace("${id}", path.substring(path.lastIndexOf('/') + 1)));
        }
    }

    record None(String why) implements Way {}

    /// A page of 100 people that is two pages from the end.
    ///
    /// @return how many are before it
    static int deep(List<Person> people) {
        return (people.size() / 100 - 2) * 100;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    String name();

    /// Gets these people, and no others, into what is asked from now on.
    ///
    /// @param people in the order of their addresses
    void take(List<Person> people);

    /// @param terms distinct parts of addresses, to search for
    Way way(Work work, List<String> terms);

    /// The process whose memory is told of.
    OptionalLong pid();

    /// A product that could not be had.
    record Missing(String name, String why) implements Peer {
        @Override
        public void take(List<Person> people) {
            throw new Started.Failed(why);
        }

        @Override
        public Way way(Work work, List<String> terms) {
            return new None(why);
        }

        @Override
        public OptionalLong pid() {
            return OptionalLong.empty();
        }
    }
}
