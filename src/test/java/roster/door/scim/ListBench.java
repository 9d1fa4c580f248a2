package roster.door.scim;

import static roster.door.scim.UserClient.ok;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.NewUsers.Wish;
import roster.support.TestRoster;

/// Only where asked for: pages of 100 people, far behind against the first, by number and by cursor, in several orders; taken in
/// turns. `-Droster.list=100000`
@EnabledIfSystemProperty(named = "roster.list", matches = "[0-9]+")
class ListBench {
    private static final int AT_ONCE = 2000;
    private static final int ROUNDS = 60;

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_INVITER", "off"));

    @Test
    void pages_far_behind_against_the_first() {
        int number = Integer.getInteger("roster.list");
        var directory = UserClient.of(roster.newOrg("bench"));
        for (var from = 0; from < number; from += AT_ONCE) {
            var wishes = IntStream.range(from, Math.min(number, from + AT_ONCE)).mapToObj(i -> new Wish(
                "p%d@bench.test".formatted(i * 7919L % number), Optional.of("Person " + i * 31 % 1000),
                Optional.empty(), List.of())).toList();
            directory.org().write(tx -> roster.program().user.newUsers.createAll(tx, wishes));
        }
        roster.sql("""
            INSERT INTO scim_users (org_id, user_id, user_name, user_name_folded, external_id, attributes, changed_at, hidden,
                                    version)
            SELECT org_id, id, 'N' || email, 'n' || email, 'x' || email,
                   jsonb_build_object('displayName', 'Shown ' || email, 'department', 'Ops'), created_at, false, version
              FROM users WHERE org_id = ? AND email LIKE 'p%5%' RETURNING 1
            """, directory.org().id().value());
        for (var order : List.of("", "&sortBy=userName", "&sortBy=displayName&sortOrder=descending")) {
            var start = System.nanoTime();
            page(directory, "count=100" + order);
            System.out.printf("order %s, the first time: %d ms%n", order, (System.nanoTime() - start) / 1_000_000);
            var last = number / 100 * 100 - 99;
            var pages = new LinkedHashMap<String, List<Long>>();
            var cursor = page(directory, "cursor=&count=100" + order);
            var far = cursor;
            for (var i = 0; i < 40; i++) {
                far = page(directory, "count=1000" + order + "&cursor=" + far);
            }
            for (var round = 0; round < ROUNDS; round++) {
                for (var query : Map.of("first", "startIndex=1", "last", "startIndex=" + last, "second by cursor",
                    "cursor=" + cursor, "far by cursor", "cursor=" + far).entrySet()) {
                    start = System.nanoTime();
                    page(directory, query.getValue() + "&count=100" + order);
                    pages.computeIfAbsent(query.getKey(), _ -> new ArrayList<>()).add(System.nanoTime() - start);
                }
            }
            pages.forEach((query, times) -> {
                Collections.sort(times);
                System.out.printf("%s %s: median %d us%n", order, query, times.get(times.size() / 2) / 1000);
            });
        }
    }

    private static String page(UserClient directory, String query) {
        return ok(directory.send("GET", "/Users?" + query, null), 200).at("/nextCursor").asString("");
    }
}
