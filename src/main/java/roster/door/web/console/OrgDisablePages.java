package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.html.HtmlPage;
import roster.base.http.Response;
import roster.core.org.ChildOrgs;
import roster.core.org.Orgs;
import roster.door.web.console.Ask.Fact;
import roster.model.Org;
import roster.model.Text;

/// `/console/settings/organisation/disable`: asks before the organisation is disabled, and wants its name typed.
public final class OrgDisablePages {
    static final String PATH = SettingsTab.ORGANISATION.path() + "/disable";
    private static final String TYPED = "typed";

    /// @param name of the organisation that is disabled
    public record DisabledPage(String name, String icon, String style) {}

    private final Orgs orgs;
    private final ChildOrgs children;

    OrgDisablePages(ConsoleDoor.Rooms rooms) {
        orgs = rooms.org().orgs;
        children = rooms.org().children;
    }

    void addTo(Console.Pages pages) {
        pages.getFresh(PATH, SettingsPages.CHANGE, visit -> ask(visit, 200, ""));
        pages.postFresh(PATH, SettingsPages.CHANGE, this::disable);
    }

    private Org own(Visit visit) {
        return visit.read(tx -> orgs.find(tx, visit.caller().org())).orElseThrow();
    }

    private Response ask(Visit visit, int status, String typed) {
        var org = own(visit);
        var act = "Disable " + org.name();
        var back = visit.link().to(SettingsTab.ORGANISATION.path()).orElseThrow();
        var field = Field.of(TYPED, "Type the name of the organisation to go on", typed)
            .hinting("It is called " + org.name() + ".");
        return visit.page(status, "web/console/ask.jte", new Ask(
            visit.shell(Section.SETTINGS, (status == 200 ? "" : "Error: ") + act + "?"), new Back(back, "Organisation"),
            act + "?", "Only the operator of this installation can enable it again.", facts(), "",
            Optional.of(status == 200 ? field : field.faulty("Type %s to go on.".formatted(org.name()))),
            visit.link().post(PATH).orElseThrow(), Map.of(), act, true, back));
    }

    private static List<Fact> facts() {
        var facts = new ArrayList<Fact>();
        facts.add(Fact.of("leave", "Everyone is signed out at once, you too, and no one can sign in"));
        facts.add(Fact.of("key", "Programs are refused: no key and no token works"));
        facts.add(Fact.of("mail", "Emails that wait are not sent, and invitations can't be accepted"));
        facts.add(Fact.of("document", "Nothing is deleted, and the audit trail stays"));
        return facts;
    }

    private Response disable(Visit visit) {
        var typed = visit.form().text(TYPED);
        var org = own(visit);
        if (!Text.name(typed).equals(org.name())) {
            return ask(visit, 422, typed);
        }
        children.disable(visit.caller(), org.id());
        return HtmlPage.withAssets(200, "web/console/disabled.jte",
            new DisabledPage(org.name(), visit.asset("icon.svg"), visit.asset("console.css")));
    }
}
