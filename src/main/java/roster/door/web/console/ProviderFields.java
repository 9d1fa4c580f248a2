package roster.door.web.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.core.identity.Profile;
import roster.core.identity.Provider;
import roster.core.identity.ProviderEdit;
import roster.door.web.console.SettingField.Standing;

/// The fields of the form of a provider, and what they say.
final class ProviderFields {
    static final String SECRET = "client_secret";
    static final String ROLE = "default_role";
    private static final String PROFILE = "profile";
    private static final String ISSUER = "issuer";
    private static final String ADDRESSES = "addresses";
    private static final String FITTING = "As is right for the product";
    private static final String PROVIDER = "Provider";
    private static final String PEOPLE = "People";
    private static final String FACTOR = "Second factor";

    private static final List<SettingField> ALL = List.of(
        new SettingField("name", PROVIDER, "Name", "As the sign-in page calls it.", SettingKind.LINE),
        new SettingField(PROFILE, PROVIDER, "Product", "It can't be changed later.",
            SettingField.choice("Okta", "okta", "Microsoft Entra ID", "entra", "Keycloak", "keycloak", "Google",
                "google",
                "Another", "generic")),
        new SettingField(ISSUER, PROVIDER, "Issuer",
            "The address under which it publishes its metadata. Empty for Google. It can't be changed later.",
            SettingKind.LINE),
        new SettingField("client_id", PROVIDER, "Client id", "", SettingKind.LINE),
        new SettingField(SECRET, PROVIDER, "Client secret", "", SettingKind.LINE),
        new SettingField("client_auth", PROVIDER, "The secret is sent",
            "", SettingField.choice("As basic authentication", "basic", "In the form", "post")),
        new SettingField("scopes", PROVIDER, "Scopes", "One a line. Empty in a new provider: what the product needs.",
            SettingKind.LINES),
        new SettingField("domains", PEOPLE, "Domains", "Of whose addresses it may speak, one a line: example.com",
            SettingKind.LINES),
        new SettingField(ADDRESSES, PEOPLE, "An address of these domains counts as theirs",
            "", SettingField.choice(FITTING, "", "If the provider says that it is verified", "claim",
                "When an email sent there was answered", "letter", "Always", "trusted")),
        new SettingField("link", PEOPLE, "People who have an account here",
            "Those who hold user_access_manage are always asked.",
            SettingField.choice("Prove once that it is theirs", "confirm", "Are let in at once", "automatic")),
        new SettingField("create_users", PEOPLE, "People who have none",
            "", SettingField.choice("Are not let in", false, "Are added", true)),
        new SettingField(ROLE, PEOPLE, "Role of those who are added", "Its exact name. Empty: none.",
            SettingKind.LINE),
        new SettingField("second_factor", FACTOR, "Asked for by", "",
            SettingField.choice("Roster, of those who have one", "roster", "The provider, if it says so", "provider")),
        new SettingField("second_factor_values", FACTOR, "It says so by", "Values of amr or acr, one a line.",
            SettingKind.LINES));

    /// What is chosen once.
    private static final List<String> NEW_ONLY = List.of(PROFILE, ISSUER);

    private ProviderFields() {}

    /// @param old none: a new one
    static List<Standing> of(Optional<Provider> old, String role) {
        var values = values(old, role);
        var all = new ArrayList<Standing>();
        for (var field : ALL) {
            if (old.isEmpty() || !NEW_ONLY.contains(field.id())) {
                all.add(field.of(values.get(field.id())));
            }
        }
        return all;
    }

    private static Map<String, Object> values(Optional<Provider> old, String role) {
        var values = new LinkedHashMap<String, Object>();
        var terms = old.map(Provider::terms);
        var client = old.map(Provider::client);
        values.put("name", terms.map(Provider.Terms::name).orElse(""));
        values.put(PROFILE, client.map(one -> one.profile().text()).orElse(Profile.GENERIC.text()));
        values.put(ISSUER, client.map(Provider.Client::issuer).orElse(""));
        values.put("client_id", client.map(Provider.Client::id).orElse(""));
        values.put(SECRET, "");
        values.put("client_auth", old.map(Provider::clientAuth).orElse("basic"));
        values.put("scopes", client.map(Provider.Client::scopes).orElse(List.of()));
        values.put("domains", terms.map(Provider.Terms::domains).orElse(List.of()));
        values.put(ADDRESSES, terms.map(one -> one.addresses().text()).orElse(""));
        values.put("link", old.map(Provider::link).orElse("confirm"));
        values.put("create_users", terms.map(Provider.Terms::createUsers).orElse(false));
        values.put(ROLE, role);
        values.put("second_factor", old.map(Provider::secondFactor).orElse("roster"));
        values.put("second_factor_values", terms.map(Provider.Terms::factorValues).orElse(List.of()));
        return values;
    }

    /// What a form asks for. An empty secret leaves the one that there is.
    ///
    /// @param values by field, as typed; those that were not sent stay
    /// @param role the id of the role that is named, empty for none; none: it was not sent
    static ProviderEdit edit(Map<String, String> values, boolean fresh, Optional<Optional<String>> role) {
        return new ProviderEdit(text(values, "name"), choice(values, PROFILE),
            text(values, ISSUER).filter(issuer -> !issuer.isEmpty()
                || !choice(values, PROFILE).equals(Optional.of(Profile.GOOGLE.text()))),
            text(values, "client_id"), text(values, SECRET).filter(secret -> fresh || !secret.isEmpty()),
            choice(values, "client_auth"), lines(values, "scopes").filter(scopes -> !fresh || !scopes.isEmpty()),
            lines(values, "domains"), choice(values, ADDRESSES).filter(chosen -> !chosen.isEmpty()),
            choice(values, "link"),
            text(values, "create_users").map(typed -> (Boolean) kind("create_users").read(typed).orElseThrow()), role,
            choice(values, "second_factor"), lines(values, "second_factor_values"));
    }

    private static Optional<String> text(Map<String, String> values, String id) {
        return Optional.ofNullable(values.get(id));
    }

    private static Optional<String> choice(Map<String, String> values, String id) {
        return text(values, id).map(typed -> kind(id).read(typed).orElseThrow().toString());
    }

    private static Optional<List<String>> lines(Map<String, String> values, String id) {
        return text(values, id).map(SettingKind.Lines::entries);
    }

    private static SettingKind kind(String id) {
        return ALL.stream().filter(field -> field.id().equals(id)).findFirst().orElseThrow().kind();
    }
}
