import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Single requests, for what is not timed by wrk.
final class Http {
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration TIME_MAX = Duration.ofMinutes(2);

    private Http() {}

    /// @param headers names and values in turn
    /// @param type of the body
    /// @param body empty: none
    static HttpResponse<String> send(String method, String url, List<String> headers, String type, String body) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).timeout(TIME_MAX).header("Content-Type", type)
                .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
            for (int i = 0; i < headers.size(); i += 2) {
                request.header(headers.get(i), headers.get(i + 1));
            }
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        }
    }

    /// What is answered to a client that takes gzip, as it comes.
    static byte[] gzipped(String url) {
        try {
            var answer = CLIENT.send(HttpRequest.newBuilder(URI.create(url)).timeout(TIME_MAX)
                .header("Accept-Encoding", "gzip").build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new Started.Failed("GET %s: %d".formatted(url, answer.statusCode()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        }
    }

    /// How many lines a long answer has, which is not kept.
    ///
    /// @throws Started.Failed if it is not answered with 200
    static long lines(String url, List<String> headers) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url)).timeout(TIME_MAX)
                .headers(headers.toArray(String[]::new)).build();
            var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new Started.Failed("GET %s: %d".formatted(url, answer.statusCode()));
            }
            var bytes = new byte[64 << 10];
            var lines = 0L;
            try (var in = answer.body()) {
                for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    for (int i = 0; i < read; i++) {
                        lines += bytes[i] == '\n' ? 1 : 0;
                    }
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Started.Failed("interrupted");
        }
    }

    /// @throws Started.Failed if it is not answered with a success
    static String body(String method, String url, List<String> headers, String type, String body) {
        var answer = send(method, url, headers, type, body);
        if (answer.statusCode() / 100 != 2) {
            throw new Started.Failed("%s %s: %d %s".formatted(method, url, answer.statusCode(),
                Started.tail(answer.body())));
        }
        return answer.body();
    }

    /// A text as JSON has it, in its quotation marks.
    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (var c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ') {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
