package roster.core.directory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import roster.core.index.SortPosition;
import roster.model.Id;
import roster.model.Permission;
import roster.model.Problem.BadParameter;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// Which roles to list, and in which order.
///
/// @param text substring of the name, letter case ignored, or an id
/// @param holding only roles that hold this permission
public record RoleQuery(Optional<String> text, Optional<Permission> holding, Sort sort, boolean descending) {
    /// The longest text, in characters.
    public static final int TEXT_MAX = 200;

    /// Ties: by name, then id.
    public enum Sort {
        NAME, PEOPLE, PERMISSIONS, MODIFIED_AT;

        /// Its name in addresses.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static boolean isTooLong(String text) {
        return Text.length(text) > TEXT_MAX;
    }

    /// The words in which addresses say it: `q`, `permission` and `sort`.
    ///
    /// @param sent the value of a word, if it was sent
    /// @throws Refused with [BadParameter] for a value that is none, and a text that is too long
    public static RoleQuery read(Function<String, Optional<String>> sent) {
        var text = sent.apply("q");
        if (text.filter(RoleQuery::isTooLong).isPresent()) {
            throw new Refused(new BadParameter("q"));
        }
        var sort = sent.apply("sort").orElse(Sort.NAME.word());
        var descending = sort.startsWith("-");
        var word = descending ? sort.substring(1) : sort;
        return new RoleQuery(text, sent.apply("permission").map(Permission::new),
            Stream.of(Sort.values()).filter(one -> one.word().equals(word)).findFirst()
                .orElseThrow(() -> new Refused(new BadParameter("sort"))),
            descending);
    }

    /// What [#read] reads; without what is usual.
    public Map<String, String> words() {
        var words = new LinkedHashMap<String, String>();
        text.ifPresent(sought -> words.put("q", sought));
        holding.ifPresent(permission -> words.put("permission", permission.name()));
        if (sort != Sort.NAME || descending) {
            words.put("sort", (descending ? "-" : "") + sort.word());
        }
        return words;
    }

    boolean matches(Role role, String foldedName) {
        if (holding.filter(permission -> !role.permissions().contains(permission)).isPresent()) {
            return false;
        }
        return text.isEmpty() || foldedName.contains(Text.folded(text.get()))
            || Id.parse(text.get()).filter(role.id().value()::equals).isPresent();
    }

    /// Where a role stands in the list.
    ///
    /// @param permissions counted if they are asked for
    SortPosition position(Role role, String foldedName, long people, LongSupplier permissions) {
        var number = switch (sort) {
            case NAME -> 0;
            case PEOPLE -> people;
            case PERMISSIONS -> permissions.getAsLong();
            case MODIFIED_AT -> ChronoUnit.MICROS.between(Instant.EPOCH, role.modifiedAt());
        };
        return new SortPosition(ByteBuffer.allocate(Long.BYTES).putLong(number).array(),
            foldedName.getBytes(StandardCharsets.UTF_8), role.id().value());
    }

    Comparator<SortPosition> order() {
        var byNumber = Comparator.comparing(SortPosition::key, Arrays::compareUnsigned);
        var byName = Comparator.comparing(SortPosition::email, Arrays::compareUnsigned)
            .thenComparing(position -> position.id().toString());
        if (sort == Sort.NAME) {
            return descending ? byName.reversed() : byName;
        }
        return (descending ? byNumber.reversed() : byNumber).thenComparing(byName);
    }
}
