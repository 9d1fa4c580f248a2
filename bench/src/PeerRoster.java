import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// Roster among its peers.
final class PeerRoster implements Peer {
    private static final String USERS = "/api/v2/users";

    private final String name;
    private final RosterServer server;
    private final Sql sql;
    private RosterServer.Org org;
    private List<Person> people;

    /// @param sql its database
    PeerRoster(String name, RosterServer server, Sql sql) {
        this.name = name;
        this.server = server;
        this.sql = sql;
    }

    /// Creates an organisation of so many people, which are the same in each Roster but for their ids.
    List<Person> seed(int users) {
        org = server.create("Peers %d".formatted(users));
        server.command("seed", "--users", "" + users, "--org", org.id());
        sql.run("VACUUM ANALYZE", "CHECKPOINT");
        people = sql.run("SELECT id, email, name FROM users WHERE org_id = '%s' AND email <> '%s'"
            .formatted(org.id(), RosterServer.FOUNDER)).stream().map(line -> line.split("\\|", 3))
            .map(row -> new Person(row[0], row[1], row[2])).sorted(Comparator.comparing(Person::email)).toList();
        return people;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void take(List<Person> wanted) {
        var ours = wanted.equals(people) ? people : seed(wanted.size());
        if (!ours.stream().map(Person::email).toList().equals(wanted.stream().map(Person::email).toList())) {
            throw new Started.Failed("this Roster has other people");
        }
    }

    @Override
    public Call way(Work work, List<String> terms) {
        return switch (work) {
            case GET -> read(paths(), people.getFirst().email());
            case FIRST -> read(List.of(page(0)), people.getFirst().email());
            case DEEP -> read(List.of(page(Peer.deep(people))), people.get(Peer.deep(people)).email());
            case SEARCH -> read(terms.stream().map(term -> USERS + "?sort=email&page%5Bsize%5D=10&filter="
                + Peer.encoded(term)).toList(), terms.getFirst());
            case UPDATE -> write("PATCH", paths(), """
                {"data": {"type": "users", "id": "${id}", "attributes": {"name": "Pat ${new}"}}}""");
            case CREATE -> write("POST", List.of(USERS), """
                {"data": {"type": "users", "attributes": {"email": "${new}@bench.example", "name": "Pat Bench"}}}""");
        };
    }

    private Call read(List<String> paths, String expected) {
        return Call.get(server.address(), org.headers(), paths, expected);
    }

    private Call write(String method, List<String> paths, String body) {
        return new Call(server.address(), org.headers(), method, paths, body, "");
    }

    private List<String> paths() {
        return people.stream().map(person -> USERS + "/" + person.id()).toList();
    }

    /// @param before how many people are before it
    static String page(int before) {
        return USERS + "?sort=email&page%%5Bsize%%5D=100&page%%5Bnumber%%5D=%d".formatted(before / 100);
    }

    @Override
    public OptionalLong pid() {
        return OptionalLong.of(server.pid());
    }
}
