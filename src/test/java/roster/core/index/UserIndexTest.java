package roster.core.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import roster.base.source.Ids;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// Compares the index with a plain list that is filtered and sorted anew for every query.
class UserIndexTest {
    private static final Org.Id ORG = new Org.Id(new Ids().next());
    private static final List<String> NAMES =
        List.of("", "Ann", "ann", "Änne", "A\u0308nne", "Zoë", "李雷", "Анна", "עדה",
            "😀 smile", "50%_off\\", "Bob", "bob lee", "BOB LEE", "O'Neil");
    private static final List<Role.Id> ROLES =
        List.of(new Role.Id(new Ids().next()), new Role.Id(new Ids().next()), new Role.Id(new Ids().next()));

    private final Random random = new Random();

    @Test
    void answers_as_a_plain_list_does_through_a_random_history() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        System.out.println("UserIndexTest: seed " + seed + " (replay with -Droster.seed=" + seed + ")");
        random.setSeed(seed);
        var index = new UserIndex(ORG);
        var plain = new HashMap<User.Id, User>();
        for (int step = 0; step < 6000; step++) {
            change(index, plain);
            if (step % 10 == 0 || step > 5900) {
                var query = query();
                assertThat(users(index.list(query))).as("seed %d, step %d, %s", seed, step, query)
                    .isEqualTo(plain(plain, query));
            }
            if (step == 3000) {
                new ArrayList<>(plain.keySet()).stream().limit(plain.size() * 9L / 10).forEach(id -> {
                    index.remove(id);
                    plain.remove(id);
                });
            }
        }
        plain.forEach((id, user) -> assertThat(index.find(id)).contains(user));
        assertThat(index.find(new User.Id(new Ids().next()))).isEmpty();
    }

    private void change(UserIndex index, Map<User.Id, User> plain) {
        var known = plain.keySet().stream().skip(plain.isEmpty() ? 0 : random.nextInt(plain.size())).findFirst();
        if (known.isPresent() && random.nextInt(10) == 0) {
            index.remove(known.get());
            plain.remove(known.get());
            return;
        }
        var user = user(random.nextInt(3) == 0 && known.isPresent() ? known.get() : new User.Id(new Ids().next()));
        index.put(user);
        plain.put(user.id(), user);
    }

    private User user(User.Id id) {
        var email = (random.nextBoolean() ? "ann" : "Bob.%_").toLowerCase(java.util.Locale.ROOT) + random.nextInt(400)
            + "@" + (random.nextBoolean() ? "x" : "münchen") + ".test";
        var created = Instant.EPOCH.plus(random.nextInt(50), ChronoUnit.MICROS);
        var roles = ROLES.subList(0, random.nextInt(4));
        return new User(id, ORG, email, random.nextInt(3) == 0 ? UUID.randomUUID().toString() : email,
            pick(NAMES).filter(name -> random.nextInt(4) > 0), pick(NAMES), random.nextBoolean(), random.nextBoolean(),
            random.nextBoolean(), created, created.plus(random.nextInt(9), ChronoUnit.MICROS),
            random.nextBoolean() ? Optional.of(created) : Optional.empty(), roles);
    }

    private Optional<String> pick(List<String> texts) {
        return Optional.of(texts.get(random.nextInt(texts.size())));
    }

    private UserQuery query() {
        var texts = List.of("a", "AN", "ann", "ann1", "bob", "%", "_", "\\", "😀", "ä", "a\u0308", "李", "@x.test", "1",
            "no such user", "test\u0000ann", ".test");
        Optional<Set<User.Status>> statuses = random.nextInt(3) > 0 ? Optional.empty()
            : Optional.of(EnumSet.of(User.Status.values()[random.nextInt(3)], User.Status.values()[random.nextInt(3)]));
        return new UserQuery(random.nextInt(3) == 0 ? Optional.empty() : pick(texts), statuses,
            UserQuery.Sort.values()[random.nextInt(UserQuery.Sort.values().length)], random.nextBoolean(),
            new Paging(1 + random.nextInt(40), random.nextInt(5) == 0 ? random.nextInt(1000) : random.nextInt(4)));
    }

    private static Page<User> users(Page<PackedUser> listed) {
        return new Page<>(listed.items().stream().map(PackedUser::user).toList(), listed.total(), listed.filtered());
    }

    private static Page<User> plain(Map<User.Id, User> users, UserQuery query) {
        var text = query.text().map(Text::folded);
        Comparator<User> order = Comparator.comparing(key(query.sort()));
        order =
            order.thenComparing(user -> new Bytes(user.email())).thenComparing(user -> new Bytes(user.id().value()));
        var matching = users.values().stream()
            .filter(user -> text.isEmpty() || user.email().contains(text.get())
                || Text.folded(user.name().orElse("")).contains(text.get()))
            .filter(user -> query.statuses().isEmpty() || query.statuses().get().contains(user.status()))
            .sorted(query.descending() ? order.reversed() : order).toList();
        return new Page<>(matching.stream().skip(query.paging().offset()).limit(query.paging().size()).toList(),
            users.size(), matching.size());
    }

    private static Function<User, Bytes> key(UserQuery.Sort sort) {
        return switch (sort) {
            case NAME ->
                user -> new Bytes(user.name().filter(name -> !name.isEmpty()).map(Text::folded).orElse(user.email()));
            case EMAIL -> user -> new Bytes(user.email());
            case HANDLE -> user -> new Bytes(user.handle());
            case STATUS -> user -> new Bytes(user.status().text());
            case TITLE -> user -> new Bytes(user.title().map(Text::folded).orElse(""));
            case CREATED_AT -> user -> new Bytes("%09d".formatted(user.createdAt().getNano()));
            case MODIFIED_AT -> user -> new Bytes("%09d".formatted(user.modifiedAt().getNano()));
            case LAST_SIGN_IN ->
                user -> new Bytes(user.lastLoginAt().map(time -> "%09d".formatted(time.getNano())).orElse(""));
        };
    }

    /// Bytes that compare as PostgreSQL compares `bytea`, and text under `COLLATE "C"`.
    private record Bytes(byte[] bytes) implements Comparable<Bytes> {
        Bytes(Object text) {
            this(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        @Override
        public int compareTo(Bytes other) {
            return Arrays.compareUnsigned(bytes, other.bytes);
        }
    }
}
