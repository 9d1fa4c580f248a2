package roster.core.bulk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.WriteTx;
import roster.core.bulk.Result.Reason;
import roster.core.invitation.InvitationLifecycle;
import roster.core.invitation.Invitations;
import roster.core.invitation.Tracked;
import roster.core.role.Roles;
import roster.core.user.ManyUsers;
import roster.core.user.NewUsers;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Wish;
import roster.core.user.Users;
import roster.model.Invitation;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Does an act with some people, by the rules of the nouns: in a write, or in one that is rehearsed.
final class Acts {
    private final Users users;
    private final ManyUsers many;
    private final NewUsers newUsers;
    private final Roles roles;
    private final Invitations invitations;
    private final InvitationLifecycle lifecycle;

    Acts(Users users, ManyUsers many, NewUsers newUsers, Roles roles, Invitations invitations,
        InvitationLifecycle lifecycle) {
        this.users = users;
        this.many = many;
        this.newUsers = newUsers;
        this.roles = roles;
        this.invitations = invitations;
        this.lifecycle = lifecycle;
    }

    /// @param items each once
    /// @return the result of each, in the same order
    /// @throws Refused where a limit holds for all of them together; the write is to be rolled back then
    List<Result> perform(WriteTx tx, Order order, List<Item> items) {
        return switch (order.act()) {
            case DISABLE -> switched(tx, items, true);
            case ENABLE -> switched(tx, items, false);
            case GIVE_ROLES -> roles(tx, order, items, true);
            case TAKE_ROLES -> roles(tx, order, items, false);
            case INVITE -> invited(tx, order, items);
            case CANCEL_INVITATIONS -> items.stream().map(item -> attempt(tx, () -> cancelled(tx, item))).toList();
        };
    }

    private static Result attempt(WriteTx tx, Supplier<Result> part) {
        try {
            return tx.attempt(part);
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Unavailable) {
                throw e;
            }
            return Result.refused(e.problem());
        }
    }

    /// The users of items, as they are now, in the order of the items.
    private Map<User.Id, User> found(WriteTx tx, List<Item> items) {
        var ids = items.stream().filter(Item.OfUser.class::isInstance).map(Item.OfUser.class::cast)
            .map(Item.OfUser::user).toList();
        var all = users.all(tx, tx.org(), ids).stream().collect(Collectors.toMap(User::id, user -> user));
        var found = new LinkedHashMap<User.Id, User>();
        ids.stream().filter(all::containsKey).forEach(id -> found.put(id, all.get(id)));
        return found;
    }

    private static Optional<User> of(Item item, Map<User.Id, User> found) {
        return item instanceof Item.OfUser(var id) ? Optional.ofNullable(found.get(id)) : Optional.empty();
    }

    private List<Result> switched(WriteTx tx, List<Item> items, boolean disabled) {
        var found = found(tx, items);
        var all = found.values().stream().filter(user -> user.disabled() != disabled).toList();
        var refused = disabled ? many.disable(tx, all) : many.enable(tx, all);
        return items.stream().map(item -> of(item, found).map(user -> user.disabled() == disabled
            ? Result.skipped(Reason.ALREADY)
            : Optional.ofNullable(refused.get(user.id())).map(Result::refused).orElse(Result.DONE))
            .orElseGet(() -> Result.skipped(Reason.NOT_HERE))).toList();
    }

    private List<Result> roles(WriteTx tx, Order order, List<Item> items, boolean give) {
        var found = found(tx, items);
        var results = new HashMap<User.Id, Result>();
        for (var id : order.roles()) {
            var role = roles.find(tx, tx.org(), id);
            var changed = role.isEmpty() ? all(found, Result.refused(Reason.NO_ROLE, ""))
                : give ? given(tx, role.get(), found) : taken(tx, role.get(), found);
            changed.forEach((user, result) -> results.merge(user, result,
                (one, other) -> one.outcome() == Result.Outcome.DONE ? one : other));
        }
        return items.stream().map(item -> of(item, found)
            .map(user -> results.getOrDefault(user.id(), Result.skipped(Reason.ALREADY)))
            .orElseGet(() -> Result.skipped(Reason.NOT_HERE))).toList();
    }

    private static Map<User.Id, Result> all(Map<User.Id, User> found, Result result) {
        return found.keySet().stream().collect(Collectors.toMap(id -> id, _ -> result));
    }

    private Map<User.Id, Result> given(WriteTx tx, Role role, Map<User.Id, User> found) {
        if (many.ungivable(tx, role).isPresent()) {
            return all(found, Result.refused(Reason.NOT_ALLOWED, role.name()));
        }
        return many.give(tx, role, List.copyOf(found.values())).stream()
            .collect(Collectors.toMap(id -> id, _ -> Result.DONE));
    }

    private Map<User.Id, Result> taken(WriteTx tx, Role role, Map<User.Id, User> found) {
        var having = found.values().stream().filter(user -> user.roles().contains(role.id())).toList();
        var refused = many.take(tx, role, having);
        return having.stream().collect(Collectors.toMap(User::id, user -> Optional.ofNullable(refused.get(user.id()))
            .map(Result::refused).orElse(Result.DONE)));
    }

    private Result cancelled(WriteTx tx, Item item) {
        return switch (item) {
            case Item.OfInvitation(var id) -> cancelled(tx, id);
            case Item.OfUser(var id) -> users.find(tx, tx.org(), id)
                .map(user -> invitations.cancelOpen(tx, user, Integer.MAX_VALUE) > 0 ? Result.DONE
                    : Result.skipped(Reason.NOTHING_OPEN))
                .orElseGet(() -> Result.skipped(Reason.NOT_HERE));
            case Item.Newcomer _ -> Result.skipped(Reason.NOTHING_OPEN);
        };
    }

    private Result cancelled(WriteTx tx, Invitation.Id id) {
        var standing = invitations.standing(tx, tx.org(), id);
        if (standing.isEmpty()) {
            return Result.skipped(Reason.NOT_HERE);
        }
        if (!new Tracked(standing.get().invitation(), standing.get().state(), Optional.empty())
            .canBeCancelled(tx.now())) {
            return Result.skipped(Reason.NOT_OPEN);
        }
        lifecycle.cancel(tx, id.toString());
        return Result.DONE;
    }

    /// Those who are new are created; those who are Pending get the roles too, and a reminder.
    private List<Result> invited(WriteTx tx, Order order, List<Item> items) {
        var results = new Result[items.size()];
        var known = found(tx, items);
        var addresses = many.withAddresses(tx, tx.org(), items.stream().filter(Item.Newcomer.class::isInstance)
            .map(item -> ((Item.Newcomer) item).email()).toList());
        var givable = new Givable(tx, order, items);
        var wishes = new ArrayList<Wish>();
        var wishesOf = new ArrayList<Integer>();
        var pending = new ArrayList<Integer>();
        var people = new User[items.size()];
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var user = item instanceof Item.Newcomer newcomer ? Optional.ofNullable(addresses.get(newcomer.email()))
                : of(item, known);
            results[i] = givable.fault(item).or(() -> user.flatMap(Acts::uninvitable)).orElse(null);
            if (results[i] == null && user.isPresent()) {
                people[i] = user.get();
                pending.add(i);
            } else if (results[i] == null && item instanceof Item.Newcomer(var email, var name, var title, var _)) {
                wishes.add(new Wish(email, name, title, givable.roles(item)));
                wishesOf.add(i);
            } else if (results[i] == null) {
                results[i] = Result.skipped(Reason.NOT_HERE);
            }
        }
        create(tx, wishes, wishesOf, people, results);
        pending.forEach(i -> results[i] = Result.DONE);
        giveToPending(tx, pending.stream().map(i -> people[i]).toList(), items, pending, givable);
        if (order.send()) {
            invitations.sendAll(tx, Arrays.stream(people).filter(Objects::nonNull).toList());
        }
        return List.of(results);
    }

    private static Optional<Result> uninvitable(User user) {
        if (user.serviceAccount()) {
            return Optional.of(Result.refused(Reason.SERVICE_ACCOUNT, ""));
        }
        return user.disabled() ? Optional.of(Result.refused(Reason.DISABLED, ""))
            : user.verified() ? Optional.of(Result.skipped(Reason.MEMBER)) : Optional.empty();
    }

    private void create(WriteTx tx, List<Wish> wishes, List<Integer> places, User[] people, Result[] results) {
        if (wishes.isEmpty()) {
            return;
        }
        var made = newUsers.createAll(tx, wishes);
        for (int i = 0; i < made.size(); i++) {
            var place = places.get(i);
            switch (made.get(i)) {
                case Made.Created(var user) -> {
                    people[place] = user;
                    results[place] = Result.created(user.id());
                }
                case Made.Refusal(var problem) -> results[place] = Result.refused(problem);
            }
        }
    }

    private void giveToPending(WriteTx tx, List<User> users, List<Item> items, List<Integer> places, Givable givable) {
        var without = new HashMap<Role, List<User>>();
        for (int i = 0; i < users.size(); i++) {
            var user = users.get(i);
            givable.roles(items.get(places.get(i)))
                .forEach(role -> without.computeIfAbsent(role, _ -> new ArrayList<>()).add(user));
        }
        without.forEach((role, some) -> many.give(tx, role, some));
    }

    /// The roles that people are invited with, and which of them cannot be given.
    private final class Givable {
        private final Map<Role.Id, Role> known;
        private final Map<Role.Id, Result> faults = new HashMap<>();
        private final Order order;

        private Givable(WriteTx tx, Order order, List<Item> items) {
            this.order = order;
            var ids = new HashSet<>(order.roles());
            items.forEach(item -> ids.addAll(of(item)));
            known = Acts.this.roles.all(tx, tx.org(), ids).stream().collect(Collectors.toMap(Role::id, role -> role));
            for (var id : ids) {
                if (!known.containsKey(id)) {
                    faults.put(id, Result.refused(Reason.NO_ROLE, ""));
                } else if (many.ungivable(tx, known.get(id)).isPresent()) {
                    faults.put(id, Result.refused(Reason.NOT_ALLOWED, known.get(id).name()));
                }
            }
        }

        private Collection<Role.Id> of(Item item) {
            var ids = new LinkedHashSet<>(order.roles());
            if (item instanceof Item.Newcomer newcomer) {
                ids.addAll(newcomer.roles());
            }
            return ids;
        }

        private Optional<Result> fault(Item item) {
            return of(item).stream().filter(faults::containsKey).map(faults::get).findFirst();
        }

        private List<Role> roles(Item item) {
            return of(item).stream().map(known::get).toList();
        }
    }
}
