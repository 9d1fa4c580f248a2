package roster.base.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import roster.base.fair.FairPlaces;

/// Calls to servers whose addresses organisations have configured. Such an address must not lead Roster to the machines around
/// it, so where a name leads is decided when the connection is made: the addresses that the name has at that moment are looked
/// at, and one of them is connected to. TLS still checks the name.
///
/// No redirect is followed, no cookie is kept, no proxy is used.
public final class Outward implements AutoCloseable {
    /// How long it may take to connect, and all of it.
    public static final Duration CONNECT_MAX = Duration.ofSeconds(3);
    public static final Duration ALL_MAX = Duration.ofSeconds(10);

    /// The longest body of an answer, in bytes.
    public static final int BYTES_MAX = 256 << 10;

    private static final int HEADERS_MAX = 100;
    private static final int LINE_MAX = 16 << 10;

    /// Connections at one moment, to one server and to all.
    private static final int TO_ONE_MAX = 16;
    private static final int TO_ALL_MAX = 128;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final OutwardAddresses addresses;
    private final CloseableHttpClient client;

    public Outward(OutwardAddresses addresses) {
        this(addresses, InetAddress::getAllByName);
    }

    /// Finds the addresses of a name.
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    Outward(OutwardAddresses addresses, Names names) {
        this.addresses = addresses;
        var connect = Timeout.of(CONNECT_MAX);
        client = HttpClientBuilder.create()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setDnsResolver(new DnsResolver() {
                @Override
                public InetAddress[] resolve(String host) throws UnknownHostException {
                    return addresses.admitted(host, names.addresses(host));
                }

                @Override
                public String resolveCanonicalHostname(String host) {
                    return host;
                }
            }).setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(Http1Config.custom()
                .setMaxHeaderCount(HEADERS_MAX).setMaxLineLength(LINE_MAX).setMaxEmptyLineCount(1).build()).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(connect)
                    .setSocketTimeout(Timeout.of(ALL_MAX)).setTimeToLive(Timeout.of(IDLE)).build())
                .setMaxConnPerRoute(TO_ONE_MAX).setMaxConnTotal(TO_ALL_MAX).build())
            .setDefaultRequestConfig(RequestConfig.custom().setConnectionRequestTimeout(connect)
                .setResponseTimeout(Timeout.of(ALL_MAX)).setRedirectsEnabled(false)
                .setProtocolUpgradeEnabled(false).build())
            .disableRedirectHandling().disableAutomaticRetries().disableCookieManagement().disableAuthCaching()
            .disableContentCompression().setUserAgent("Roster").build();
    }

    /// What a server answered.
    ///
    /// @param type of the content, as it was sent
    public record Answer(int status, Optional<String> type, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// Why there is no answer, in words that name no secret.
    public static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1;

        NoAnswer(String message) {
            super(message);
        }

        NoAnswer(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// @throws NoAnswer if the address is not allowed, or nothing of at most [#BYTES_MAX] came within [#ALL_MAX]
    public Answer get(URI url, Map<String, String> headers) throws NoAnswer {
        return send(new HttpGet(checked(url)), headers);
    }

    /// Sends a form.
    ///
    /// @throws NoAnswer as [#get] does
    public Answer post(URI url, Map<String, String> headers, String form) throws NoAnswer {
        var request = new HttpPost(checked(url));
        request.setEntity(new StringEntity(form, ContentType.APPLICATION_FORM_URLENCODED));
        return send(request, headers);
    }

    private URI checked(URI url) throws NoAnswer {
        var fault = addresses.fault(url);
        if (fault.isPresent()) {
            throw new NoAnswer(fault.get());
        }
        return url;
    }

    /// Waits no longer than it may take, also for a name server that is silent and a body that trickles.
    private Answer send(HttpUriRequestBase request, Map<String, String> headers) throws NoAnswer {
        FairPlaces.mustHoldNone();
        headers.forEach(request::setHeader);
        var host = request.getAuthority().getHostName();
        var call = new FutureTask<>(() -> client.execute(request, Outward::answer));
        Thread.ofVirtual().name("outward").start(call);
        try {
            return call.get(ALL_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            request.abort();
            throw new NoAnswer("%s did not answer within %d s".formatted(host, ALL_MAX.toSeconds()), e);
        } catch (InterruptedException e) {
            request.abort();
            Thread.currentThread().interrupt();
            throw new NoAnswer("interrupted while waiting for " + host, e);
        } catch (ExecutionException e) {
            throw new NoAnswer("%s: %s".formatted(host, words(e.getCause())), e.getCause());
        }
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static Answer answer(ClassicHttpResponse response) throws IOException {
        var entity = response.getEntity();
        if (entity == null) {
            return new Answer(response.getCode(), Optional.empty(), new byte[0]);
        }
        // What is longer is not read to its end, and the connection is not used again.
        try (var in = entity.getContent()) {
            var body = in.readNBytes(BYTES_MAX + 1);
            if (body.length > BYTES_MAX) {
                response.close();
                throw new IOException("the answer is longer than %d bytes".formatted(BYTES_MAX));
            }
            return new Answer(response.getCode(), Optional.ofNullable(entity.getContentType()), body);
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
