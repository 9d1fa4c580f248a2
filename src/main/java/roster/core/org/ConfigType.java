package roster.core.org;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Function;
import roster.core.access.SecondFactorPolicy;
import roster.model.Email;
import roster.model.Id;
import roster.model.Role;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// The types of settings.
public enum ConfigType {
    BOOL("bool") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return sent.isBoolean() ? Optional.of(sent.asBoolean()) : Optional.empty();
        }
    },
    /// Any texts.
    LIST("list") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return texts(sent, text -> Text.length(text) <= TEXT_MAX ? Optional.of(text) : Optional.empty());
        }
    },
    /// Domains as `@example.com`, folded, each once.
    EMAIL_DOMAIN_LIST("email_domain_list") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return texts(sent, ConfigType::domain);
        }
    },
    /// Domains as `example.com`, folded, each once.
    DOMAIN_LIST("domain_list") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return texts(sent, ConfigType::folded);
        }
    },
    /// E-mail addresses, folded, each once.
    SECURITY_CONTACTS_LIST("security_contacts_list") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return texts(sent, Email::folded);
        }
    },
    /// One word, as `members`. The contract does not say which words there are.
    WORD("enum") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return textOf(sent).filter(text -> text.matches("[a-z][a-z0-9_]{0,63}")).map(Object.class::cast);
        }
    },
    /// Which of the managed roles a user gets who is created by signing in: `st`, `adm` or `ro`.
    ACCESS_ROLE("enum") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return textOf(sent).filter(text -> accessRoleFault(text).isEmpty()).map(Object.class::cast);
        }
    },
    /// `off`, `administrators` or `everyone`.
    SECOND_FACTOR_POLICY("enum") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return textOf(sent).filter(text -> SecondFactorPolicy.named(text).isPresent()).map(Object.class::cast);
        }
    },
    /// A time zone by its name in the tz database.
    TIME_ZONE("enum") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return textOf(sent).filter(ZoneId.getAvailableZoneIds()::contains).map(Object.class::cast);
        }
    },
    /// From 5 minutes to 24 hours, in whole seconds; 0: none.
    IDLE_SECONDS("int") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return SECONDS.value(sent).filter(seconds -> (long) seconds == 0
                || (long) seconds >= 300 && (long) seconds <= 86_400);
        }
    },
    /// What AuthN mappings do.
    MAPPINGS("enum") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return textOf(sent).filter(text -> List.of("own", "replace", "off").contains(text))
                .map(Object.class::cast);
        }
    },
    /// The id of a role of the organisation, in lower case; empty for none, which may be sent as null.
    ROLE("enum") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return sent.isNull() ? Optional.of("")
                : textOf(sent).flatMap(text -> text.isEmpty() ? Optional.of(text) : Id.parse(text).map(UUID::toString))
                    .map(Object.class::cast);
        }
    },
    /// A duration in whole seconds; 0: none.
    SECONDS("int") {
        @Override
        Optional<Object> value(JsonNode sent) {
            return sent.isIntegralNumber() && sent.canConvertToLong() && sent.asLong() >= 0
                ? Optional.of(sent.asLong()) : Optional.empty();
        }
    };

    /// The most entries of a list.
    public static final int ENTRIES_MAX = 1000;

    /// The longest entry of a list, in characters.
    public static final int TEXT_MAX = 255;

    /// The managed roles by their short names.
    static final SequencedMap<String, Role.Managed> ACCESS_ROLES = new LinkedHashMap<>();

    static {
        ACCESS_ROLES.put("st", Role.Managed.STANDARD);
        ACCESS_ROLES.put("adm", Role.Managed.ADMIN);
        ACCESS_ROLES.put("ro", Role.Managed.READ_ONLY);
    }

    private final String text;

    ConfigType(String text) {
        this.text = text;
    }

    /// As the contract names it.
    public String text() {
        return text;
    }

    /// A value as it is stored: true or false, a text, a number, or a list of texts.
    ///
    /// @return none if it is not of this type
    abstract Optional<Object> value(JsonNode sent);

    /// A value as the database has it. What an earlier version took and this one would not stays what it is.
    Object stored(JsonNode json) {
        return value(json).orElseGet(() -> {
            if (json.isArray()) {
                return json.valueStream().map(JsonNode::asString).toList();
            }
            return json.isBoolean() ? json.asBoolean() : json.isIntegralNumber() ? json.asLong() : json.asString();
        });
    }

    /// What is wrong with the short name of a managed role, if anything.
    public static Optional<String> accessRoleFault(String role) {
        return ACCESS_ROLES.containsKey(role) ? Optional.empty()
            : Optional.of("Must be one of: %s.".formatted(String.join(", ", ACCESS_ROLES.sequencedKeySet())));
    }

    /// `example.com`, folded; none for what is no domain.
    public static Optional<String> folded(String text) {
        return Email.domain(text);
    }

    /// `@example.com`, folded.
    static Optional<String> domain(String text) {
        return text.startsWith("@") ? Email.domain(text.substring(1)).map(domain -> "@" + domain) : Optional.empty();
    }

    private static Optional<String> textOf(JsonNode sent) {
        return sent.isString() && Text.storable(sent.asString()) ? Optional.of(sent.asString()) : Optional.empty();
    }

    /// @param kept how an entry is stored; none if it is not valid
    private static Optional<Object> texts(JsonNode sent, Function<String, Optional<String>> kept) {
        if (!sent.isArray() || sent.size() > ENTRIES_MAX) {
            return Optional.empty();
        }
        var texts = new LinkedHashSet<String>();
        for (var entry : sent) {
            var text = textOf(entry).flatMap(kept);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(text.get());
        }
        return Optional.of(List.copyOf(texts));
    }
}
