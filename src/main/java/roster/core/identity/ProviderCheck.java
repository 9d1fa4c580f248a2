package roster.core.identity;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Looks, step by step, whether users could sign in by a provider, and tells what is missing. Changes nothing.
public final class ProviderCheck {
    private static final String METADATA = "metadata";

    private final Discovery discovery;
    private final OpenIdSignIn signIn;

    ProviderCheck(Discovery discovery, OpenIdSignIn signIn) {
        this.discovery = discovery;
        this.signIn = signIn;
    }

    public record Step(String name, boolean ok, String detail) {}

    /// @param lastFault why a sign-in failed last on this node
    public record Report(List<Step> steps, Optional<String> lastFault) {
        public boolean ok() {
            return steps.stream().allMatch(Step::ok);
        }
    }

    public Report of(Provider provider) {
        var steps = new ArrayList<Step>();
        try {
            var found = discovery.fetched(provider.client().issuer());
            steps.add(new Step(METADATA, true, "of " + provider.client().issuer()));
            steps.add(new Step("algorithms", true, found.algorithms().stream().map(Object::toString).sorted()
                .collect(Collectors.joining(", "))));
            steps.add(keys(found));
            steps.add(new Step("logout", true, found.endSession().isPresent() && provider.client().profile()
                .offersLogout() ? "users can sign out there too" : "users cannot be led to sign out there"));
        } catch (OpenIdFault e) {
            steps.add(new Step(METADATA, false, e.getMessage().replaceFirst("^metadata: ", "")));
        }
        return new Report(steps, signIn.lastFault(provider));
    }

    private static Step keys(Discovery.Found found) {
        try {
            var all = found.keys().get(new JWKSelector(new JWKMatcher.Builder().build()), null);
            return new Step("keys", !all.isEmpty(), all.size() == 1 ? "1 key" : all.size() + " keys");
        } catch (KeySourceException e) {
            return new Step("keys", false, e.getMessage() == null ? "not to be had" : e.getMessage());
        }
    }
}
