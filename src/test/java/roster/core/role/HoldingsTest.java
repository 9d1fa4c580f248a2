package roster.core.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import roster.core.permission.Catalogue;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Role;

/// What roles hold together, permission by permission.
class HoldingsTest {
    private static final Catalogue CATALOGUE = Catalogue.load();

    private static Role role(String name, String... permissions) {
        Set<Permission> held = Stream.of(permissions).map(Permission::new).collect(Collectors.toSet());
        return new Role(new Role.Id(UUID.randomUUID()), new Org.Id(UUID.randomUUID()), name, Optional.empty(), held,
            List.of(), Instant.EPOCH, Instant.EPOCH, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void each_permission_is_there_once_with_all_roles_it_comes_from() {
        var one = role("One", "audit_logs_read", "cases_write");
        var two = role("Two", "audit_logs_read", "teams_read");
        var holdings = new Holdings(CATALOGUE, List.of(one, two));

        assertThat(holdings.count()).as("unlisted permissions are not shown").isEqualTo(2);
        var held = holdings.groups("", Optional.empty()).stream().flatMap(group -> group.held().stream()).toList();
        assertThat(held).extracting(each -> each.permission().permission().name())
            .containsExactlyInAnyOrder("audit_logs_read", "cases_write");
        assertThat(held).filteredOn(each -> each.permission().permission().name().equals("audit_logs_read"))
            .singleElement().satisfies(each -> assertThat(each.from()).containsExactly(one, two));
        assertThat(holdings.alone()).containsOnlyKeys(one);
        assertThat(holdings.missing()).hasSize(CATALOGUE.listed().size() - 2);
    }

    @Test
    void they_are_found_by_text_and_by_role() {
        var one = role("One", "audit_logs_read", "cases_write");
        var two = role("Two", "cases_write");
        var holdings = new Holdings(CATALOGUE, List.of(one, two));

        assertThat(holdings.groups(" AUDIT_logs ", Optional.empty())).singleElement()
            .satisfies(group -> assertThat(group.held()).hasSize(1));
        assertThat(holdings.groups("", Optional.of(two.id()))).singleElement()
            .satisfies(group -> assertThat(group.held()).hasSize(1));
        assertThat(holdings.groups("no such text", Optional.empty())).isEmpty();
    }

    @Test
    void nothing_comes_from_one_role_alone_where_there_is_only_one() {
        var holdings = new Holdings(CATALOGUE, List.of(role("One", "audit_logs_read")));

        assertThat(holdings.alone()).isEmpty();
        assertThat(new Holdings(CATALOGUE, List.of()).count()).isZero();
    }
}
