package roster.core.index;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import roster.core.index.InvitationQuery.Sort;
import roster.core.index.InvitationRequest.Choice;
import roster.core.index.InvitationRequest.Filter;
import roster.core.index.InvitationRequest.Slice;
import roster.core.index.RankedRows.Comparison;
import roster.model.Email;
import roster.model.Id;
import roster.model.Invitation.State;
import roster.model.Text;

/// The invitations of one organisation, as far as they are filtered, sorted and counted. For one thread at a time.
public final class InvitationIndex {
    /// What is known of an invitation.
    ///
    /// @param inviter none if it was sent from the command line
    public record Entry(UUID id, Invitee user, Optional<UUID> inviter, String email, Instant createdAt,
        Instant expiresAt, boolean accepted, boolean cancelled) {}

    /// What is known of a user who was invited.
    public record Invitee(UUID id, String email, boolean disabled, boolean verified) {}

    /// Whether all invitations are useless, and what time it is: both decide about states.
    public record Moment(boolean orgDisabled, Instant now) {}

    /// The ids of a page, in order.
    ///
    /// @param total the number of all invitations
    /// @param filtered the number of those that match
    public record Found(List<UUID> ids, long total, long filtered) {}

    // Flags of invitations.
    private static final byte ACCEPTED = 1;
    private static final byte CANCELLED = 2;
    private static final byte SAME_ADDRESS = 4;

    // Flags of people.
    private static final byte DISABLED = 1;
    private static final byte VERIFIED = 2;

    private static final int NO_ONE = -1;
    private static final byte[] NO_NAME = {};

    // For each row.
    private UUID[] ids = new UUID[16];
    private int[] users = new int[16];
    private int[] inviters = new int[16];
    private long[] created = new long[16];
    private long[] expires = new long[16];
    private byte[] flags = new byte[16];
    private final IdTable rows = new IdTable(row -> ids[row]);
    private final SearchText addresses = new SearchText();
    private final Deque<Integer> free = new ArrayDeque<>();
    private int end;

    // For each person: invited users and inviters.
    private UUID[] people = new UUID[16];
    private byte[] standings = new byte[16];
    private final IdTable persons = new IdTable(person -> people[person]);
    private int peopleEnd;

    private final Map<Sort, RankedRows> orders = new EnumMap<>(Sort.class);

    /// @param all passes on all of the organisation, one by one
    public InvitationIndex(Consumer<Consumer<Entry>> all) {
        all.accept(this::insert);
        for (var sort : Sort.values()) {
            var order = new int[end];
            Arrays.setAll(order, row -> row);
            orders.put(sort, RankedRows.of(order, comparison(sort), comparison(sort)));
        }
    }

    private Comparison comparison(Sort sort) {
        Comparison byKey = switch (sort) {
            case CREATED_AT -> (row, other) -> Long.compare(created[row], created[other]);
            case EXPIRES_AT -> (row, other) -> Long.compare(expires[row], expires[other]);
            case EMAIL -> addresses::compareEmails;
        };
        return (row, other) -> {
            var compared = byKey.compare(row, other);
            return compared != 0 ? compared : compare(ids[row], ids[other]);
        };
    }

    /// As PostgreSQL compares them: by their bytes.
    private static int compare(UUID id, UUID other) {
        var high = Long.compareUnsigned(id.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(id.getLeastSignificantBits(), other.getLeastSignificantBits());
    }

    public int size() {
        return end - free.size();
    }

    /// Its approximate size in memory, in bytes.
    public long bytes() {
        return 61L * ids.length + 37L * people.length + addresses.size() + rows.bytes() + persons.bytes()
            + orders.values().stream().mapToLong(RankedRows::bytes).sum();
    }

    /// Adds or replaces an invitation.
    public void put(Entry entry) {
        var known = rows.find(entry.id());
        if (known >= 0) {
            remove(known);
        }
        var row = insert(entry);
        orders.values().forEach(order -> order.add(row));
    }

    private int insert(Entry entry) {
        var row = free.isEmpty() ? newRow() : free.pop();
        ids[row] = entry.id();
        users[row] = person(entry.user().id());
        inviters[row] = entry.inviter().map(this::person).orElse(NO_ONE);
        created[row] = micros(entry.createdAt());
        expires[row] = micros(entry.expiresAt());
        flags[row] = (byte) ((entry.accepted() ? ACCEPTED : 0) | (entry.cancelled() ? CANCELLED : 0)
            | (entry.email().equals(entry.user().email()) ? SAME_ADDRESS : 0));
        standings[users[row]] = standing(entry.user());
        addresses.put(row, folded(entry.email()), NO_NAME);
        rows.add(entry.id(), row);
        return row;
    }

    private int newRow() {
        if (end == ids.length) {
            var length = end + end / 2;
            ids = Arrays.copyOf(ids, length);
            users = Arrays.copyOf(users, length);
            inviters = Arrays.copyOf(inviters, length);
            created = Arrays.copyOf(created, length);
            expires = Arrays.copyOf(expires, length);
            flags = Arrays.copyOf(flags, length);
        }
        return end++;
    }

    private int person(UUID id) {
        var known = persons.find(id);
        if (known >= 0) {
            return known;
        }
        if (peopleEnd == people.length) {
            people = Arrays.copyOf(people, peopleEnd + peopleEnd / 2);
            standings = Arrays.copyOf(standings, people.length);
        }
        people[peopleEnd] = id;
        persons.add(id, peopleEnd);
        return peopleEnd++;
    }

    private static byte standing(Invitee user) {
        return (byte) ((user.disabled() ? DISABLED : 0) | (user.verified() ? VERIFIED : 0));
    }

    private static byte[] folded(String email) {
        return UserCodec.utf8(Text.folded(email));
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private void remove(int row) {
        orders.values().forEach(order -> order.remove(row));
        rows.remove(ids[row]);
        addresses.remove(row);
        ids[row] = null;
        free.push(row);
    }

    /// How a user stands now.
    ///
    /// @param invited false once their invitations are gone
    public record ChangedUser(Invitee now, boolean invited) {}

    /// Takes over how users stand now, in one pass. Those who are in no invitation are skipped.
    public void changed(Collection<ChangedUser> users) {
        var known = new HashMap<Integer, ChangedUser>();
        for (var user : users) {
            var person = persons.find(user.now().id());
            if (person >= 0) {
                standings[person] = standing(user.now());
                known.put(person, user);
            }
        }
        for (int row = 0; row < end && !known.isEmpty(); row++) {
            var user = ids[row] == null ? null : known.get(this.users[row]);
            if (user == null) {
                continue;
            }
            if (!user.invited()) {
                remove(row);
            } else if (addresses.compareEmail(row, folded(user.now().email())) == 0) {
                flags[row] |= SAME_ADDRESS;
            } else {
                flags[row] &= ~SAME_ADDRESS;
            }
        }
    }

    private State state(int row, boolean orgDisabled, long now) {
        var user = standings[users[row]];
        if (orgDisabled) {
            return State.ORG_DISABLED;
        } else if ((user & DISABLED) != 0) {
            return State.USER_DISABLED;
        } else if ((user & VERIFIED) != 0 || (flags[row] & ACCEPTED) != 0) {
            return State.USED;
        } else if ((flags[row] & SAME_ADDRESS) == 0) {
            return State.OTHER_ADDRESS;
        } else if ((flags[row] & CANCELLED) != 0) {
            return State.CANCELLED;
        }
        return expires[row] <= now ? State.EXPIRED : State.OPEN;
    }

    /// One page of the invitations that match, counted.
    public Found find(InvitationQuery query, Moment moment) {
        var order = orders.get(query.sort());
        var page = new ArrayList<UUID>();
        var paging = query.paging();
        var test = test(query, moment);
        if (test.isEmpty()) {
            order.each(paging.offset(), paging.size(), query.descending(), row -> page.add(ids[row]));
            return new Found(page, size(), size());
        }
        var found = matching(query, test.get());
        order.eachOf(found::get, paging.offset(), paging.size(), query.descending(), row -> page.add(ids[row]));
        return new Found(page, size(), found.cardinality());
    }

    /// All conditions but that on the address; none if there is no condition at all.
    private Optional<IntPredicate> test(InvitationQuery query, Moment moment) {
        if (query.address().isEmpty() && query.choice().isEmpty() && query.inviter().isEmpty()
            && query.user().isEmpty()) {
            return Optional.empty();
        }
        IntPredicate test = row -> ids[row] != null;
        if (query.user().isPresent()) {
            var user = persons.find(query.user().get().value());
            test = test.and(row -> users[row] == user);
        }
        if (query.inviter().isPresent()) {
            var inviter = persons.find(query.inviter().get().value());
            test = test.and(row -> inviter >= 0 && inviters[row] == inviter);
        }
        if (query.choice().isPresent()) {
            var wanted = wanted(query.choice());
            var now = micros(moment.now());
            test = test.and(row -> wanted.test(row, state(row, moment.orgDisabled(), now)));
        }
        return Optional.of(test);
    }

    private BitSet matching(InvitationQuery query, IntPredicate test) {
        var part = query.address().filter(text -> folded(text).length > 0);
        return part.map(text -> holding(text, test)).orElseGet(() -> all(test));
    }

    private BitSet all(IntPredicate test) {
        var found = new BitSet(end);
        for (int row = 0; row < end; row++) {
            if (test.test(row)) {
                found.set(row);
            }
        }
        return found;
    }

    /// @param text not empty once folded
    private BitSet holding(String text, IntPredicate test) {
        var found = addresses.matching(folded(text), test);
        Email.sought(text).map(UserCodec::utf8).ifPresent(sought -> found.or(addresses
            .matching(sought, row -> addresses.emailHolds(row, sought) && test.test(row))));
        return found;
    }

    /// A page by its place, and how many there are of each state.
    public Slice slice(InvitationRequest request, Moment moment) {
        var now = micros(moment.now());
        var counts = new long[State.values().length];
        var chosen = new BitSet(end);
        var wanted = wanted(request.choice());
        matching(request.filter()).stream().forEach(row -> {
            var state = state(row, moment.orgDisabled(), now);
            counts[state.ordinal()]++;
            if (wanted.test(row, state)) {
                chosen.set(row);
            }
        });
        var byState = new EnumMap<State, Long>(State.class);
        for (var state : State.values()) {
            byState.put(state, counts[state.ordinal()]);
        }
        return new InvitationReader(this, request, chosen.cardinality() == size() ? orders.get(request.sort())
            : new RankedPart(orders.get(request.sort()), chosen), chosen.cardinality()).slice(byState);
    }

    private BitSet matching(Filter filter) {
        IntPredicate test = row -> ids[row] != null;
        if (filter.inviter().isPresent()) {
            var inviter = persons.find(filter.inviter().get().value());
            test = test.and(row -> inviter >= 0 && inviters[row] == inviter);
        }
        if (filter.sentFrom().isPresent()) {
            var from = micros(filter.sentFrom().get());
            test = test.and(row -> created[row] >= from);
        }
        if (filter.expiresUntil().isPresent()) {
            var until = micros(filter.expiresUntil().get());
            test = test.and(row -> expires[row] <= until);
        }
        var conditions = test;
        var text = filter.text().filter(typed -> folded(typed).length > 0);
        if (text.isEmpty()) {
            return all(conditions);
        }
        var found = holding(text.get(), conditions);
        Id.parse(text.get()).ifPresent(id -> {
            var user = persons.find(id);
            found.or(all(row -> conditions.test(row) && (ids[row].equals(id) || user >= 0 && users[row] == user)));
        });
        return found;
    }

    private interface Wanted {
        boolean test(int row, State state);
    }

    private Wanted wanted(Optional<Choice> choice) {
        if (choice.isEmpty()) {
            return (_, _) -> true;
        }
        var states = choice.get().states();
        var inside = choice.get().inside();
        var some = new BitSet(end);
        choice.get().ids().stream().mapToInt(rows::find).filter(row -> row >= 0).forEach(some::set);
        return (row, state) -> states.contains(state) && (state != State.OPEN || some.get(row) == inside);
    }

    UUID id(int row) {
        return ids[row];
    }

    SortPosition position(Sort sort, int row) {
        return switch (sort) {
            case CREATED_AT -> new SortPosition(UserCodec.sortable(created[row]), NO_NAME, ids[row]);
            case EXPIRES_AT -> new SortPosition(UserCodec.sortable(expires[row]), NO_NAME, ids[row]);
            case EMAIL -> new SortPosition(NO_NAME, addresses.email(row), ids[row]);
        };
    }

    int compare(Sort sort, int row, SortPosition position) {
        var byKey = switch (sort) {
            case CREATED_AT -> Long.compare(created[row], position.keyMicros());
            case EXPIRES_AT -> Long.compare(expires[row], position.keyMicros());
            case EMAIL -> addresses.compareEmail(row, position.email());
        };
        return byKey != 0 ? byKey : compare(ids[row], position.id());
    }

    /// All that are listed, in no order.
    public List<UUID> listed(InvitationRequest request, Moment moment) {
        var now = micros(moment.now());
        var wanted = wanted(request.choice());
        return matching(request.filter()).stream()
            .filter(row -> wanted.test(row, state(row, moment.orgDisabled(), now))).mapToObj(row -> ids[row]).toList();
    }
}
