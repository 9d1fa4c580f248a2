package roster.core.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.base.net.OutwardAddresses;
import roster.core.identity.Profile.Addresses;
import roster.core.identity.Provider.Client;
import roster.core.identity.Provider.Terms;
import roster.model.Email;
import roster.model.Problem.Fault;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// What is to be configured, as it was sent; what is not present stays, or is what the profile has. Faults are found all
/// together.
///
/// @param defaultRole an empty one inside: none
public record ProviderEdit(Optional<String> name, Optional<String> profile, Optional<String> issuer,
    Optional<String> clientId, Optional<String> clientSecret, Optional<String> clientAuth,
    Optional<List<String>> scopes, Optional<List<String>> domains, Optional<String> addresses, Optional<String> link,
    Optional<Boolean> createUsers, Optional<Optional<String>> defaultRole, Optional<String> secondFactor,
    Optional<List<String>> secondFactorValues) {
    public static final ProviderEdit NONE = new ProviderEdit(Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// The longest name, texts, and secret, in characters.
    private static final int NAME_MAX = 60;
    private static final int TEXT_MAX = 255;
    private static final int SECRET_MAX = 1024;

    private static final int DOMAINS_MAX = 50;
    private static final int LIST_MAX = 20;
    private static final String MISSING = "Missing data for required field.";

    /// RFC 6749, 3.3.
    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,100}");
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7E]+");

    /// Reads single values, and collects what is wrong with them.
    private static final class Reading {
        private final List<Fault> faults = new ArrayList<>();

        private <T> Optional<T> note(String field, String reason) {
            faults.add(new Fault.Member(field, reason));
            return Optional.empty();
        }

        private Optional<String> text(String field, Optional<String> sent, int most, Pattern form) {
            return sent.map(String::strip)
                .flatMap(text -> text.isEmpty() ? note(field, "Shorter than minimum length 1.")
                    : Text.length(text) > most ? note(field, "Longer than maximum length %d.".formatted(most))
                    : form.matcher(text).matches() ? Optional.of(text) : note(field, "Not a valid string."));
        }

        private <T> Optional<T> choice(String field, Optional<String> sent, Function<String, Optional<T>> named,
            String all) {
            return sent.flatMap(text -> named.apply(text).or(() -> note(field, "Must be one of: %s.".formatted(all))));
        }

        private Optional<Boolean> choice(String field, Optional<String> sent, String no, String yes) {
            return choice(field, sent, text -> text.equals(yes) ? Optional.of(true)
                : text.equals(no) ? Optional.of(false) : Optional.empty(), no + ", " + yes);
        }

        private Optional<List<String>> list(String field, Optional<List<String>> sent, int most, String fault,
            Function<String, Optional<String>> kept) {
            return sent.flatMap(list -> {
                var all = list.stream().map(kept).toList();
                return list.size() > most ? note(field, "Longer than maximum length %d.".formatted(most))
                    : all.stream().anyMatch(Optional::isEmpty) ? note(field, fault)
                    : Optional.of(all.stream().flatMap(Optional::stream).distinct().toList());
            });
        }

        private void done() {
            if (!faults.isEmpty()) {
                throw new Refused(new Invalid(faults));
            }
        }
    }

    /// A text of ours that is to be stored.
    record Configured(Client client, Terms terms, Optional<String> secret) {}

    /// What it is after this.
    ///
    /// @param old none for a new one
    /// @param role finds the role of an id as it was sent
    /// @throws Refused with [Invalid]
    Configured applied(Optional<Provider> old, OutwardAddresses reachable, Function<String, Role.Id> role) {
        var reading = new Reading();
        var profile = reading.choice("profile", this.profile, Profile::named, "google, okta, entra, keycloak, generic");
        old.filter(was -> profile.isPresent() && profile.get() != was.client().profile())
            .ifPresent(_ -> reading.note("profile", "Must not change."));
        var kind = old.map(was -> was.client().profile()).or(() -> profile).orElse(Profile.GENERIC);
        var client = client(reading, kind, old.map(Provider::client), reachable);
        var secret = reading.text("client_secret", clientSecret, SECRET_MAX, VISIBLE);
        if (old.isEmpty() && clientSecret.isEmpty()) {
            reading.note("client_secret", MISSING);
        }
        var terms = terms(reading, kind, old.map(Provider::terms), role);
        reading.done();
        return new Configured(client, terms, secret);
    }

    private Client client(Reading reading, Profile profile, Optional<Client> old, OutwardAddresses reachable) {
        var sentIssuer = issuer.or(() -> old.isEmpty() ? profile.onlyIssuer() : Optional.empty());
        var read = reading.text("issuer", sentIssuer, TEXT_MAX, VISIBLE);
        read.flatMap(text -> issuerFault(profile, text, reachable)).ifPresent(fault -> reading.note("issuer", fault));
        old.filter(was -> read.filter(text -> !text.equals(was.issuer())).isPresent()).ifPresent(
            _ -> reading.note("issuer", "Must not change: another issuer is another provider."));
        var id = reading.text("client_id", clientId, TEXT_MAX, VISIBLE);
        if (old.isEmpty()) {
            if (sentIssuer.isEmpty()) {
                reading.note("issuer", MISSING);
            }
            if (clientId.isEmpty()) {
                reading.note("client_id", MISSING);
            }
        }
        var asked = reading.list("scopes", scopes, LIST_MAX, "Not a list of scopes other than offline_access.",
            text -> SCOPE.matcher(text).matches() && !text.equals("offline_access") ? Optional.of(text)
                : Optional.empty());
        return new Client(profile, old.map(Client::issuer).or(() -> read).orElse(""),
            id.or(() -> old.map(Client::id)).orElse(""),
            reading.choice("client_auth", clientAuth, "post", "basic").or(() -> old.map(Client::basic)).orElse(true),
            asked.map(ProviderEdit::withOpenid).or(() -> old.map(Client::scopes)).orElse(profile.scopes()),
            old.flatMap(Client::secretSetAt));
    }

    private static List<String> withOpenid(List<String> asked) {
        return List.copyOf(new LinkedHashSet<>(Stream.concat(Stream.of("openid"), asked.stream()).toList()));
    }

    private static Optional<String> issuerFault(Profile profile, String text, OutwardAddresses reachable) {
        try {
            var url = new URI(text);
            return url.getHost() == null || url.getRawQuery() != null ? Optional.of("Not a valid URL.")
                : reachable.fault(url).map(_ -> "Not a valid URL: https is required.")
                    .or(() -> profile.issuerFault(url));
        } catch (URISyntaxException e) {
            return Optional.of("Not a valid URL.");
        }
    }

    private Terms terms(Reading reading, Profile profile, Optional<Terms> old, Function<String, Role.Id> role) {
        var named = reading.text("name", name, NAME_MAX, Pattern.compile("[^\\p{Cntrl}<>\u2028\u2029]+"))
            .flatMap(text -> Text.isVisible(text) ? Optional.of(text) : reading.note("name", Text.INVISIBLE));
        if (old.isEmpty() && name.isEmpty()) {
            reading.note("name", MISSING);
        }
        var own =
            reading.list("domains", domains, DOMAINS_MAX, "Not a list of domains, as example.com.", Email::domain);
        var values = reading.list("second_factor_values", secondFactorValues, LIST_MAX, "Not a valid string.",
            text -> text.isBlank() || Text.length(text) > TEXT_MAX ? Optional.empty() : Optional.of(text))
            .or(() -> old.map(Terms::factorValues)).orElse(List.of());
        var believes = reading.choice("second_factor", secondFactor, "roster", "provider")
            .or(() -> old.map(Terms::believesFactor)).orElse(false);
        if (believes && values.isEmpty()) {
            reading.note("second_factor_values", "Required where second_factor is provider.");
        }
        return new Terms(named.map(Text::clean).or(() -> old.map(Terms::name)).orElse(""),
            own.or(() -> old.map(Terms::domains)).orElse(List.of()),
            reading.choice("addresses", addresses, Addresses::named, "claim, letter, trusted")
                .or(() -> old.map(Terms::addresses)).orElse(profile.addresses()),
            reading.choice("link", link, "confirm", "automatic").or(() -> old.map(Terms::automatic)).orElse(false),
            createUsers.or(() -> old.map(Terms::createUsers)).orElse(false),
            defaultRole.isPresent() ? defaultRole.get().map(role) : old.flatMap(Terms::defaultRole), believes, values);
    }
}
