package roster;

import java.nio.file.Path;

/// The command line.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var config = Config.of(Settings.read(System.getenv(), Path.of("")));
        var roster = Roster.start(config, Roster.Surroundings.PRODUCTION);
        Runtime.getRuntime().addShutdownHook(new Thread(roster::close));
        System.out.println("Roster listens on " + roster.address());
    }
}
