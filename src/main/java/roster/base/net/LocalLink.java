package roster.base.net;

import java.util.regex.Pattern;

/// Links that are opened on this machine: they lead to it by its name. Browsers know passkeys by names only, and a session
/// at the name is none at the address.
public final class LocalLink {
    /// The address that the name stands for, and those that mean every address.
    private static final Pattern HERE = Pattern.compile("^http://(127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::])(?=[:/]|$)");

    private LocalLink() {}

    /// @param url `http://127.0.0.1:8080/console/`; one that leads elsewhere stays as it is
    /// @return `http://localhost:8080/console/`
    public static String of(String url) {
        return HERE.matcher(url).replaceFirst("http://localhost");
    }
}
