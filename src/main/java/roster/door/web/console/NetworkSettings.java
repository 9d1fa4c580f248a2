package roster.door.web.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.net.Network;
import roster.core.audit.TrailEntry;
import roster.core.org.IpAllowlists;
import roster.core.org.IpAllowlists.Allowlist;
import roster.core.org.IpAllowlists.Wish;
import roster.door.web.console.SettingField.Standing;
import roster.model.Org;
import roster.model.Text;
import tools.jackson.databind.JsonNode;

/// From where an organisation may be used: `/console/settings/networks`. A network and its note are a line.
final class NetworkSettings implements SettingsSubject {
    static final String ENABLED = "enabled";
    static final String ENTRIES = "entries";

    /// The largest form, in bytes: it holds the list as it was, too.
    static final int BYTES_MAX = 512 << 10;

    /// The longest list that is a field of the form, in characters.
    static final int SHOWN_MAX = 60_000;

    /// Faults that are told at once.
    private static final int NAMED = 10;

    private static final String CARD = "Networks";

    private static final SettingField ON = new SettingField(ENABLED, CARD, "Allowed from", "",
        SettingField.choice("Anywhere", false, "Only these networks", true));

    private static final SettingField LIST = new SettingField(ENTRIES, CARD, "Networks",
        "An address or a network a line, and what it is: 192.0.2.0/24 Office in Vienna. Up to 1,000.",
        SettingKind.LINES);

    private final IpAllowlists allowlists;

    NetworkSettings(IpAllowlists allowlists) {
        this.allowlists = allowlists;
    }

    @Override
    public SettingsTab tab() {
        return SettingsTab.NETWORKS;
    }

    Allowlist list(Tx tx, Org.Id org) {
        return allowlists.find(tx, org);
    }

    boolean isTooLong(Allowlist list) {
        return LIST.of(lines(list)).text().length() > SHOWN_MAX;
    }

    /// The API, too, tells the networks only to those who may change them.
    @Override
    public boolean isGuarded(String id) {
        return id.equals(ENTRIES);
    }

    @Override
    public List<Standing> standing(Tx tx, Org.Id org) {
        var list = allowlists.find(tx, org);
        var all = new ArrayList<>(List.of(ON.of(list.enabled())));
        var entries = LIST.of(lines(list));
        if (entries.text().length() <= SHOWN_MAX) {
            all.add(entries);
        }
        return all;
    }

    private static List<String> lines(Allowlist list) {
        return list.entries().stream().map(entry -> line(entry.block().toString(), entry.note())).toList();
    }

    /// Notes of the API may have several lines.
    private static String line(String block, Optional<String> note) {
        return note.map(NetworkSettings::flat).filter(text -> !text.isEmpty()).map(text -> block + " " + text)
            .orElse(block);
    }

    private static String flat(String note) {
        return note.strip().replaceAll("\\s+", " ");
    }

    private static List<Wish> wishes(String typed) {
        return SettingKind.Lines.entries(typed).stream().map(line -> {
            var parts = line.split("[\\s,;]+", 2);
            return new Wish(parts[0], parts.length < 2 || parts[1].isBlank() ? Optional.empty()
                : Optional.of(flat(parts[1])));
        }).toList();
    }

    @Override
    public Optional<String> fault(String id, String typed) {
        if (!id.equals(ENTRIES)) {
            ON.kind().read(typed);
            return Optional.empty();
        }
        if (typed.length() > SHOWN_MAX) {
            return Optional.of("Use at most %s characters; this has %s.".formatted(Words.number(SHOWN_MAX),
                Words.number(typed.length())));
        }
        var wishes = wishes(typed);
        if (wishes.size() > IpAllowlists.ENTRIES_MAX) {
            return Optional.of("At most %s networks; this has %s.".formatted(Words.number(IpAllowlists.ENTRIES_MAX),
                Words.number(wishes.size())));
        }
        var blocks = wishes.stream().flatMap(wish -> IpAllowlists.blockFault(wish.block())
            .map(why -> "“%s” is not a valid address: %s.".formatted(Text.cut(wish.block(), 50), why)).stream());
        var notes = wishes.stream().flatMap(wish -> wish.note().filter(note -> IpAllowlists.noteFault(note).isPresent())
            .map(note -> "Use at most %s characters for the note of %s; this has %s.".formatted(
                Words.number(IpAllowlists.NOTE_MAX), wish.block(), Words.number(Text.length(note))))
            .stream());
        return Optional.of(Stream.concat(blocks, notes).distinct().limit(NAMED)
            .collect(Collectors.joining(" "))).filter(text -> !text.isEmpty());
    }

    @Override
    public void set(WriteTx tx, Map<String, String> changed) {
        var notes = new HashMap<String, Optional<String>>();
        allowlists.find(tx, tx.org()).entries().forEach(
            entry -> notes.put(line(entry.block().toString(), entry.note()), entry.note()));
        allowlists.update(tx, Optional.ofNullable(changed.get(ENABLED)).flatMap(ON.kind()::read)
            .map(Boolean.class::cast),
            Optional.ofNullable(changed.get(ENTRIES)).map(typed -> wishes(typed).stream()
                .map(wish -> new Wish(wish.block(), kept(notes, wish))).toList()));
    }

    /// A note that was not touched stays as it is.
    private static Optional<String> kept(Map<String, Optional<String>> notes, Wish wish) {
        return notes.getOrDefault(line(Network.parse(wish.block()).toString(), wish.note()), wish.note());
    }

    @Override
    public Collection<UUID> subjects(Tx tx, Org.Id org) {
        return List.of(org.value());
    }

    @Override
    public Map<String, String> recorded(TrailEntry entry, JsonNode facts) {
        if (!entry.action().equals("ip_allowlist.updated")) {
            return Map.of();
        }
        var values = new LinkedHashMap<String, String>();
        values.put(ENABLED, ON.kind().shown(SettingKind.recorded(facts.path(ENABLED))));
        values.put(ENTRIES, LIST.kind().shown(facts.path(ENTRIES).valueStream().map(one -> line(
            one.path("cidr_block").asString(""), Optional.of(one.path("note").asString("")))).toList()));
        return values;
    }
}
