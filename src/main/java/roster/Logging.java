package roster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import roster.base.settings.Setting;

/// The log: on standard error, as text for people or one JSON object a line for machines; both show key-value pairs.
///
/// Set up in code, as reading an XML file took 0.1 s of every start. Logback finds this class by its service file. A
/// configuration of one's own is still taken: `-Dlogback.configurationFile=…`.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
    private static final String TEXT =
        "%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%replace( %kvp{NONE}){'^ $', ''}%n%ex";

    /// Those who tell more than an operator wants to know.
    private static final Map<String, Level> QUIET = Map.of(
        "io.netty", Level.WARN,
        "org.flywaydb", Level.WARN,
        "com.zaxxer.hikari", Level.WARN,
        "org.postgresql", Level.WARN);

    /// How a line is written.
    public enum Format { TEXT, JSON }

    public static final Setting<Format> FORMAT = Setting.of("ROSTER_LOG",
        "Format of the log, which goes to standard error: `text` or `json`", text -> switch (text) {
            case "json" -> Format.JSON;
            case "text" -> Format.TEXT;
            default -> throw new IllegalArgumentException("expected text or json");
        }).derived("`text` on a terminal, else `json`");

    /// Which lines are written, and how.
    ///
    /// @param from the least level of Roster's own lines
    public record Form(boolean json, Level from) {}

    private static volatile Form form = new Form(false, Level.INFO);

    /// Takes this form, before the first line is logged or after.
    public static void use(Form wanted) {
        form = wanted;
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (!ownConfiguration()) {
            context.reset();
            install(context);
        }
        bridgeJavaLogging();
    }

    /// Keeps libraries from writing of their own accord before the form is known.
    static void silence() {
        LogManager.getLogManager().reset();
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        bridgeJavaLogging();
        if (ownConfiguration()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        install(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static boolean ownConfiguration() {
        return System.getProperty("logback.configurationFile") != null;
    }

    private static void install(LoggerContext context) {
        Encoder<ILoggingEvent> encoder = form.json() ? new JsonLines() : text();
        encoder.setContext(context);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(form.from());
        root.addAppender(appender);
        QUIET.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    private static Encoder<ILoggingEvent> text() {
        var encoder = new PatternLayoutEncoder();
        encoder.setPattern(TEXT);
        return encoder;
    }

    /// The JDBC driver and the mail library log with `java.util.logging`. Below a warning they are silent: what
    /// the bridge would throw away is not even made.
    private static void bridgeJavaLogging() {
        silence();
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        SLF4JBridgeHandler.install();
    }
}
