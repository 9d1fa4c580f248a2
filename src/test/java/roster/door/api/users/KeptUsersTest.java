package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import roster.base.source.Ids;
import roster.core.index.PackedUser;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.door.api.shared.UserResources;
import roster.door.command.Crowd;
import roster.model.Org;
import roster.model.Paging;
import roster.model.Role;
import roster.model.User;

/// What is kept of users is theirs, whatever changes, and within its memory.
class KeptUsersTest {
    private static final int USERS = 3000;
    private static final int BYTES_MAX = 256 << 10; // some 300 of them

    private final Org.Id org = new Org.Id(new Ids().next());
    private final Crowd crowd = new Crowd(org);
    private final UserIndex index = new UserIndex(org);
    private final KeptUsers kept = new KeptUsers(BYTES_MAX);
    private final List<User> users = new ArrayList<>();

    private void load(int from, int to) {
        for (var i = from; i < to; i++) {
            var user = crowd.user(i);
            users.add(user);
            index.put(user);
        }
    }

    private List<PackedUser> page(int number) {
        return index
            .list(
                new UserQuery(Optional.empty(), Optional.empty(), UserQuery.Sort.NAME, false, new Paging(100, number)))
            .items();
    }

    private void assertRight(List<PackedUser> some) {
        for (var user : some) {
            assertThat(kept.json(user)).isEqualTo(UserResources.rendered(user.user()));
        }
    }

    private long bytesKept() {
        return users.stream().map(user -> index.packed(user.id()).orElseThrow()).filter(user -> user.json() != null)
            .mapToLong(user -> user.json().length).sum();
    }

    @Test
    void is_found_again_until_the_user_changes() {
        load(0, 1);
        var id = users.getFirst().id();
        var first = kept.json(index.packed(id).orElseThrow());
        assertThat(kept.json(index.packed(id).orElseThrow())).isSameAs(first);

        var before = users.getFirst();
        index.put(new User(before.id(), before.org(), before.email(), before.handle(), Optional.of("Renamed"),
            before.title(), before.verified(), before.disabled(), before.serviceAccount(), before.createdAt(),
            before.modifiedAt(), before.lastLoginAt(), before.roles()));
        assertThat(new String(kept.json(index.packed(id).orElseThrow()))).contains("Renamed");
    }

    @Test
    void is_made_again_when_roles_are_deleted() {
        load(0, 1);
        var role = new Role.Id(new Ids().next());
        var before = users.getFirst();
        index.put(new User(before.id(), before.org(), before.email(), before.handle(), before.name(), before.title(),
            before.verified(), before.disabled(), before.serviceAccount(), before.createdAt(), before.modifiedAt(),
            before.lastLoginAt(), List.of(role)));
        assertThat(new String(kept.json(index.packed(before.id()).orElseThrow()))).contains(role.toString());
        index.forgetRoles(Set.of(role));
        assertThat(new String(kept.json(index.packed(before.id()).orElseThrow()))).doesNotContain(role.toString());
    }

    @Test
    void tags_of_other_json_or_other_roles_are_not_found() {
        load(0, 1);
        var user = index.packed(users.getFirst().id()).orElseThrow();
        var json = kept.json(user);
        kept.keep(user, new KeptUsers.Tagged(json, 7, List.of("a tag")));
        assertThat(kept.tagged(user, json)).hasValueSatisfying(tagged -> {
            assertThat(tagged.rolesNumber()).isEqualTo(7);
            assertThat(tagged.tags()).containsExactly("a tag");
        });
        assertThat(kept.tagged(user, json.clone())).isEmpty();
    }

    @Test
    void tags_are_kept_only_with_json_that_is_kept() {
        load(0, 1);
        var id = users.getFirst().id();
        var before = users.getFirst();
        var many = IntStream.range(0, 400).mapToObj(_ -> new Role.Id(new Ids().next())).toList();
        index.put(new User(before.id(), before.org(), before.email(), before.handle(), before.name(), before.title(),
            before.verified(), before.disabled(), before.serviceAccount(), before.createdAt(), before.modifiedAt(),
            before.lastLoginAt(), many));
        var tooLong = kept.json(index.packed(id).orElseThrow());
        assertThat(index.packed(id).orElseThrow().json()).as("too long to keep").isNull();

        kept.keep(index.packed(id).orElseThrow(), new KeptUsers.Tagged(tooLong, 7, List.of("a tag")));

        assertThat(index.packed(id).orElseThrow().tags()).as("they would keep the JSON in memory, uncounted").isNull();
    }

    @Test
    void stays_within_its_memory_while_the_index_grows_and_many_threads_read() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var size = 1; size <= USERS; size *= 3) {
                load(users.size(), size);
                var reads = new ArrayList<Callable<Void>>();
                for (var thread = 0; thread < 4; thread++) {
                    var random = new Random(31L * size + thread);
                    reads.add(() -> {
                        for (var i = 0; i < 60; i++) {
                            assertRight(page(random.nextInt(users.size() / 100 + 1)));
                        }
                        return null;
                    });
                }
                for (var read : threads.invokeAll(reads)) {
                    read.get();
                }
                assertThat(bytesKept()).isBetween(1L, (long) BYTES_MAX);
            }
        }
    }

    @Test
    void users_who_are_not_of_an_index_are_made_each_time() {
        var user = crowd.user(1);
        assertThat(kept.json(PackedUser.of(user))).isEqualTo(UserResources.rendered(user));
        assertThat(kept.json(PackedUser.of(user))).isEqualTo(UserResources.rendered(user));
    }
}
