import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Debian's Chromium without a window, and one page in it, driven by the DevTools protocol.
final class Chrome implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final List<String> OPTIONS = List.of("--headless=new", "--no-sandbox", "--disable-gpu",
        "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--remote-debugging-port=0", "--window-size=1440,900");
    private static final Pattern LISTENS = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":([0-9]+),");
    private static final Pattern VALUE = Pattern.compile("\"value\":([-0-9.eE]+|true|false)");
    private static final Pattern REQUEST = Pattern.compile("\"requestId\":\"([^\"]+)\"");
    private static final int SECONDS_MAX = 60;

    private final Started started;
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private String page = "";

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    Chrome(Started started) {
        this.started = started;
        var log = started.log("chromium");
        var command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(OPTIONS);
        command.add("--user-data-dir=" + started.folder.resolve("chromium"));
        process = started.start("TERM", Map.of("HOME", started.folder.toString()), log, command);
        await("Chromium", () -> LISTENS.matcher(read(log)).find());
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(URI.create(RosterServer.first(LISTENS, read(log))), new Reader()).join();
        var target = RosterServer.first(Pattern.compile("\"targetId\":\"([^\"]+)\""),
            send("Target.createTarget", "{\"url\":\"about:blank\"}"));
        page = RosterServer.first(Pattern.compile("\"sessionId\":\"([^\"]+)\""),
            send("Target.attachToTarget", "{\"targetId\":\"%s\",\"flatten\":true}".formatted(target)));
        send("Page.enable", "{}");
        send("Network.enable", "{}");
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Takes messages as they come: answers by their id, and events.
    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var message = text.toString();
                text.setLength(0);
                var id = ID.matcher(message);
                if (id.find()) {
                    answers.remove(Integer.valueOf(id.group(1))).complete(message);
                } else {
                    events.add(message);
                }
            }
            from.request(1);
            return null;
        }
    }

    /// @param parameters as JSON
    /// @return the whole answer
    private String send(String method, String parameters) {
        var id = ids.incrementAndGet();
        var answer = new CompletableFuture<String>();
        answers.put(id, answer);
        socket.sendText("{\"id\":%d,%s\"method\":\"%s\",\"params\":%s}".formatted(id,
            page.isEmpty() ? "" : "\"sessionId\":\"%s\",".formatted(page), method, parameters), true).join();
        try {
            var said = answer.get(SECONDS_MAX, TimeUnit.SECONDS);
            if (said.contains("\"error\":{") || said.contains("\"exceptionDetails\"")) {
                throw new Started.Failed("Chromium, %s: %s".formatted(method, Started.tail(said)));
            }
            return said;
        } catch (ExecutionException | TimeoutException e) {
            throw new Started.Failed("Chromium, %s: %s".formatted(method, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        }
    }

    static void await(String what, BooleanSupplier condition) {
        var began = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - began > SECONDS_MAX * 1_000_000_000L) {
                throw new Started.Failed("waited for %d s: %s".formatted(SECONDS_MAX, what));
            }
            Main.pause(20);
        }
    }

    /// Has the cookies of a browser at an address.
    void with(String address, Map<String, String> cookies) {
        cookies.forEach((name, value) -> send("Network.setCookie", "{\"name\":%s,\"value\":%s,\"url\":%s}".formatted(
            Http.quoted(name), Http.quoted(value), Http.quoted(address))));
    }

    /// Forgets what it keeps of earlier pages, cookies but not.
    void forget() {
        send("Network.clearBrowserCache", "{}");
    }

    /// A slow network and a slow processor from now on.
    ///
    /// @param millis of each request besides
    /// @param processor how many times slower
    void slow(int bitsPerSecond, int millis, int processor) {
        send("Network.emulateNetworkConditions", "{\"offline\":false,\"latency\":%d,\"downloadThroughput\":%d,\"uploadThroughput\":%d}"
            .formatted(millis, bitsPerSecond / 8, bitsPerSecond / 16));
        send("Emulation.setCPUThrottlingRate", "{\"rate\":%d}".formatted(processor));
    }

    void quick() {
        send("Network.emulateNetworkConditions",
            "{\"offline\":false,\"latency\":0,\"downloadThroughput\":-1,\"uploadThroughput\":-1}");
        send("Emulation.setCPUThrottlingRate", "{\"rate\":1}");
    }

    /// Opens a page, and waits until it is loaded and drawn.
    ///
    /// @return how many requests went out for it
    int open(String url) {
        navigate("about:blank");
        navigate(url);
        await("first paint", () -> isTrue("performance.getEntriesByName('first-contentful-paint').length > 0"));
        var cached = events.stream().filter(one -> one.contains("\"Network.requestServedFromCache\""))
            .map(Chrome::request).collect(Collectors.toSet());
        return (int) events.stream().filter(one -> one.contains("\"Network.responseReceived\"")
            && one.contains("\"url\":\"http") && !one.contains("\"fromDiskCache\":true"))
            .map(Chrome::request).filter(id -> !cached.contains(id)).distinct().count();
    }

    private static String request(String event) {
        return RosterServer.first(REQUEST, event);
    }

    private void navigate(String url) {
        events.clear();
        send("Page.navigate", "{\"url\":%s}".formatted(Http.quoted(url)));
        await(url, () -> events.stream().anyMatch(one -> one.contains("\"Page.loadEventFired\"")));
    }

    /// Milliseconds from the beginning of the navigation.
    double firstPaint() {
        return number("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    }

    /// The same until the scripts of the page have run.
    double scriptReady() {
        return number("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd");
    }

    double number(String expression) {
        return Double.parseDouble(RosterServer.first(VALUE, run(expression)));
    }

    boolean isTrue(String expression) {
        return RosterServer.first(VALUE, run("!!(%s)".formatted(expression))).equals("true");
    }

    String run(String expression) {
        return send("Runtime.evaluate", "{\"returnByValue\":true,\"expression\":%s}"
            .formatted(Http.quoted(expression)));
    }

    /// Types a letter where the focus is.
    void type(String letter) {
        send("Input.dispatchKeyEvent", "{\"type\":\"char\",\"text\":%s}".formatted(Http.quoted(letter)));
    }

    @Override
    public void close() {
        socket.abort();
        started.stop(process);
    }
}
