import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// wrk, by the script of `bench/wrk`.
record Wrk(Started started, Path script, int seconds) {
    private static final int THREADS_MAX = 2;

    Series.Load load(String address, RosterServer.Org org, int clients, String... method) {
        return load(address, org.headers(), clients, method);
    }

    /// @param headers names and values in turn
    /// @param method with what else the script takes: a file of paths, a file with a body, a word for the run
    Series.Load load(String address, List<String> headers, int clients, String... method) {
        var command = new ArrayList<>(List.of("wrk", "-t" + Math.min(clients, THREADS_MAX), "-c" + clients,
            "-d" + seconds + "s", "--timeout", "10s", "-s", script.toString()));
        for (int i = 0; i < headers.size(); i += 2) {
            command.addAll(List.of("-H", headers.get(i) + ": " + headers.get(i + 1)));
        }
        command.addAll(List.of(address, "--"));
        command.addAll(List.of(method));
        var said = started.run(Map.of(), command);
        var line = said.lines().filter(each -> each.startsWith("RESULT ")).findFirst()
            .orElseThrow(() -> new Started.Failed("wrk: " + Started.tail(said))).split(" ");
        var done = Long.parseLong(line[1]);
        if (done == 0 || !line[5].equals("0") || !line[6].equals("0")) {
            throw new Started.Failed("wrk %s: of %d requests %s were refused and %s not answered".formatted(
                String.join(" ", method), done, line[5], line[6]));
        }
        return new Series.Load(done * 1e6 / Long.parseLong(line[2]), Long.parseLong(line[3]) / 1000.0,
            Long.parseLong(line[4]) / 1000.0, done);
    }

    Wrk atMost(int most) {
        return new Wrk(started, script, Math.min(seconds, most));
    }

    Path file(String name, List<String> lines) {
        try {
            return Files.write(started.folder.resolve(name), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
