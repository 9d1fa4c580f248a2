import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// nginx, answering the same bytes to everybody out of its configuration.
final class Nginx {
    /// A word of a configuration has 4,096 characters at most, so longer bodies are put together.
    private static final int PIECE = 1000;
    private static final int START_SECONDS_MAX = 10;

    private Nginx() {}

    /// @return its address
    static String start(Started started, int bytes) {
        var port = OutsidePostgres.freePort();
        var body = "\"" + "${piece}".repeat((bytes - 2) / PIECE) + "x".repeat((bytes - 2) % PIECE) + "\"";
        var folder = started.folder;
        try {
            var file = Files.writeString(folder.resolve("nginx-%d.conf".formatted(port)), """
                daemon off;
                worker_processes 2;
                pid %1$s/nginx-%2$d.pid;
                error_log stderr;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    keepalive_requests 1000000000;
                    client_body_temp_path %1$s/nginx-body;
                    proxy_temp_path %1$s/nginx-proxy;
                    fastcgi_temp_path %1$s/nginx-fastcgi;
                    uwsgi_temp_path %1$s/nginx-uwsgi;
                    scgi_temp_path %1$s/nginx-scgi;
                    server {
                        listen 127.0.0.1:%2$d;
                        default_type application/json;
                        set $piece "%3$s";
                        location / { return 200 '%4$s'; }
                    }
                }
                """.formatted(folder, port, "x".repeat(PIECE), body));
            var log = started.log("nginx");
            var process = started.start("TERM", Map.of(), log, List.of("nginx", "-c", file.toString(), "-p",
                folder.toString()));
            waitFor(process, port, log);
            return "http://127.0.0.1:" + port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitFor(Process process, int port, Path log) throws IOException {
        var began = System.nanoTime();
        while (true) {
            try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - began > START_SECONDS_MAX * 1e9) {
                    throw new Started.Failed("nginx did not start:\n" + Started.tail(Files.readString(log)));
                }
                Main.pause(20);
            }
        }
    }
}
