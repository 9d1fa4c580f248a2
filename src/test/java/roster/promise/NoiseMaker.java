package roster.promise;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// wrk, which sends prepared requests over several connections, each as soon as the one before is answered. It needs little of
/// the machine, which is the server's.
final class NoiseMaker implements AutoCloseable {
    private static final Pattern SENT = Pattern.compile("([0-9]+) requests in ([0-9.]+)(m?s)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: ([0-9]+)");

    private final Process process;

    /// What came of it.
    ///
    /// @param perSecond answers
    /// @param good how many of them were of 2xx or 3xx, as a share
    record Heard(double perSecond, double good) {}

    private NoiseMaker(Process process) {
        this.process = process;
    }

    /// Begins, and returns half a second later, when the noise is under way.
    ///
    /// @param folder for a file with the requests
    /// @param seconds how long it lasts
    static NoiseMaker start(Path folder, String server, int connections, List<byte[]> requests, int seconds)
        throws IOException, InterruptedException {
        var all = new ByteArrayOutputStream();
        for (var request : requests) {
            all.writeBytes((request.length + "\n").getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(request);
        }
        var file = Files.write(folder.resolve("noise"), all.toByteArray());
        var process =
            new ProcessBuilder("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "-s", "bench/wrk/raw.lua",
                server, "--", file.toString()).redirectErrorStream(true).start();
        Thread.sleep(500);
        return new NoiseMaker(process);
    }

    /// Waits for its end.
    Heard heard() throws IOException, InterruptedException {
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var sent = SENT.matcher(said);
        if (process.waitFor() != 0 || !sent.find()) {
            throw new IOException("wrk failed: " + said);
        }
        var answers = Long.parseLong(sent.group(1));
        var time = Double.parseDouble(sent.group(2)) / (sent.group(3).equals("ms") ? 1000 : 1);
        var refused = REFUSED.matcher(said);
        var good = answers - (refused.find() ? Long.parseLong(refused.group(1)) : 0);
        return new Heard(answers / time, (double) good / Math.max(1, answers));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
