package roster.promise;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import roster.support.Inviting;
import roster.support.TestUser;

/// What attackers do to a server: they open so many connections, and each sends a request, or a part of one.
///
/// @param addresses that the connections come from in turn
/// @param unread whether an answer of 2xx is never read, beyond its status
/// @param requests that the connections send in turn; an empty one sends nothing
record Attack(String name, int connections, int addresses, boolean unread, List<byte[]> requests) {
    private static final int MEGABYTE = 1 << 20;
    private static final int MANY_ADDRESSES = 200;

    /// Half of what a head may have.
    private static final int HALF_A_HEAD = 8000;

    /// What attackers have.
    ///
    /// @param founder an administrator of their organisation, which has more than 1,000 users
    /// @param plain a user without a role
    /// @param link the path of an open invitation, for which no key is needed
    record Means(TestUser founder, TestUser plain, String link) {}

    static List<Attack> all(Means means) {
        var keys = headers(means.founder(), "application/json");
        var form = Map.of("Content-Type", Inviting.FORM);
        var bodies = half(PlainClient.request("POST", "/api/v2/users", "x".repeat(MEGABYTE), keys), MEGABYTE);
        var page = PlainClient.request("GET", "/api/v2/users?page%5Bsize%5D=1000", null, keys);
        // Refused as a name that is too long, so that the invitation stays open.
        var small = PlainClient.request("POST", means.link(), "name=" + "x".repeat(8192 - "name=".length()), form);
        var head = "GET /api/v2/users HTTP/1.1\r\nHost: localhost\r\nX-Long: %s".formatted("x".repeat(HALF_A_HEAD))
            .getBytes(StandardCharsets.US_ASCII);
        var marks = PlainClient.request("PATCH", "/api/v2/users/" + means.plain().id(), """
            {"data":{"type":"users","id":"%s","attributes":{"title":"a%s"}}}"""
            .formatted(means.plain().id(), "\u0301".repeat(130_000)), headers(means.plain(), "application/json"));
        var attacks = new ArrayList<Attack>();
        attacks.add(of("900 unfinished bodies of 1 MB", 900, bodies));
        attacks.add(attacks.getLast().fromMany());
        attacks.add(of("900 unfinished bodies of 1 MB, chunked", 900, chunked("/api/v2/users", keys)));
        attacks.add(of("900 unfinished bodies of 1 MB to an invitation's form", 900,
            half(PlainClient.request("POST", means.link(), "x".repeat(MEGABYTE), form), MEGABYTE)));
        attacks.add(of("4,000 bodies of 8 KB to an invitation's form, half of them unfinished", 4000, small,
            half(small, 8192)));
        attacks.add(new Attack("4,000 unread pages of 1,000", 4000, 1, true, List.of(page)));
        attacks.add(attacks.getLast().fromMany());
        attacks.add(of("8,000 half-sent heads", 8000, head));
        attacks.add(attacks.getLast().fromMany());
        attacks.add(of("8,192 silent connections", 8192, new byte[0]));
        attacks.add(of("16,384 silent connections", 16_384, new byte[0]).fromMany());
        attacks.add(of("200 documents with 300,000 empty roles (1 MB)", 200, roles(300_000, keys)));
        attacks.add(of("1,000 documents with 21,000 empty roles", 1000, roles(21_000, keys)));
        attacks.add(of("200 titles of 260 KB of combining marks, by a user without a role", 200, marks));
        return attacks;
    }

    private static Attack of(String name, int connections, byte[]... requests) {
        return new Attack(name, connections, 1, false, List.of(requests));
    }

    private Attack fromMany() {
        return new Attack("%s, from %d addresses".formatted(name, MANY_ADDRESSES), connections, MANY_ADDRESSES, unread,
            requests);
    }

    private static Map<String, String> headers(TestUser user, String type) {
        return new HashMap<>(Map.of("DD-API-KEY", user.apiKey(), "DD-APPLICATION-KEY", user.applicationKey(),
            "Content-Type", type, "Accept", "application/json"));
    }

    /// Without the second half of its body.
    private static byte[] half(byte[] request, int body) {
        return Arrays.copyOf(request, request.length - body / 2);
    }

    /// Half a megabyte in chunks of 16 KB, and no end.
    private static byte[] chunked(String path, Map<String, String> headers) {
        var head = new String(PlainClient.request("POST", path, null, headers), StandardCharsets.US_ASCII)
            .replace("Content-Length: 0", "Transfer-Encoding: chunked");
        var chunk = "4000\r\n%s\r\n".formatted("x".repeat(0x4000));
        return (head + chunk.repeat(MEGABYTE / 2 / 0x4000)).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] roles(int count, Map<String, String> headers) {
        var empty = "{},".repeat(count);
        return PlainClient.request("POST", "/api/v2/users",
            """
            {"data":{"type":"users","attributes":{"email":"new@attacker.test"},"relationships":{"roles":{"data":[%s]}}}}"""
                .formatted(empty.substring(0, empty.length() - 1)),
            headers);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(name);
        out.writeInt(connections);
        out.writeInt(addresses);
        out.writeBoolean(unread);
        out.writeInt(requests.size());
        for (var request : requests) {
            out.writeInt(request.length);
            out.write(request);
        }
    }

    static Attack read(DataInputStream in) throws IOException {
        var name = in.readUTF();
        var connections = in.readInt();
        var addresses = in.readInt();
        var unread = in.readBoolean();
        var requests = new ArrayList<byte[]>();
        for (int left = in.readInt(); left > 0; left--) {
            requests.add(in.readNBytes(in.readInt()));
        }
        return new Attack(name, connections, addresses, unread, requests);
    }

    /// What the attackers heard.
    ///
    /// @param open connections at the end, as far as the attackers know
    /// @param answers how many of each status; 0: closed or reset before the status of an answer
    record Heard(int open, Map<Integer, Integer> answers) {
        private static final String BETWEEN = " ";

        String line() {
            var line = new StringBuilder().append(open);
            answers.forEach((status, count) -> line.append(BETWEEN).append(status).append(BETWEEN).append(count));
            return line.toString();
        }

        static Heard read(String line) {
            var numbers = Arrays.stream(line.split(BETWEEN)).map(Integer::valueOf).toList();
            var answers = new HashMap<Integer, Integer>();
            for (int i = 1; i + 1 < numbers.size(); i += 2) {
                answers.put(numbers.get(i), numbers.get(i + 1));
            }
            return new Heard(numbers.getFirst(), answers);
        }

        /// How many answers from one status to another.
        int count(int from, int to) {
            return answers.entrySet().stream().filter(one -> one.getKey() >= from && one.getKey() <= to)
                .mapToInt(Map.Entry::getValue).sum();
        }
    }

    /// An attack that a process of its own keeps up, see [Attacker], until it is closed. Should this process end, so does it.
    static final class UnderWay implements AutoCloseable {
        private final Process process;
        private final DataOutputStream in;
        private final BufferedReader out;

        private UnderWay(Process process) {
            this.process = process;
            in = new DataOutputStream(process.getOutputStream());
            out = process.inputReader();
        }

        /// Ends it.
        Heard end() throws IOException, InterruptedException {
            in.close();
            var line = out.readLine();
            if (line == null || process.waitFor() != 0) {
                throw new IOException("the attackers failed, see above");
            }
            return Heard.read(line);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /// Starts the attackers, and returns when they begin.
    ///
    /// @param net that their addresses are of, as `127.0.1.`. Each attack has its own: ports that are not free again yet, and what
    ///     the server holds against an address, would else pass from one to the next
    UnderWay start(String server, String net) throws IOException {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
            "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Attacker.class.getName(), server, net)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var underWay = new UnderWay(process);
        write(underWay.in);
        underWay.in.flush();
        if (underWay.out.readLine() == null) {
            throw new IOException("the attackers do not start, see above");
        }
        return underWay;
    }
}
