package roster.door.web.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Needs;
import roster.base.http.SessionMust;
import roster.core.access.Freshness;
import roster.core.identity.IdentityFeature;
import roster.core.identity.Provider;
import roster.core.identity.Providers;
import roster.core.org.IpAllowlists;
import roster.core.org.OrgConfig;
import roster.core.org.OrgFeature;
import roster.core.signin.SignInAddresses;
import roster.door.web.console.SettingsForms.Besides;
import roster.door.web.console.SettingsPage.Nothing;
import roster.door.web.console.SettingsPage.OfOrganisation;
import roster.door.web.console.SettingsPage.OfProviders;
import roster.door.web.console.SettingsPage.ProviderLine;
import roster.door.web.console.SettingsPage.Said;
import roster.model.Permission;

/// `/console/settings/…` but for role mappings: how an organisation has set itself up. Seen by all who are signed in; changed by
/// those who may change the same through the API.
public final class SettingsPages {
    static final Needs CHANGE = Needs.sessionOf(Permission.ORG_MANAGEMENT);

    /// Who may change where reports are mailed.
    private static final Needs DOMAINS = Needs.sessionOf(Permission.ORG_MANAGEMENT, new Permission("monitors_write"),
        new Permission("generate_dashboard_reports"), new Permission("generate_log_reports"),
        new Permission("manage_log_reports"));

    /// The largest form but that of networks, in bytes.
    static final int BYTES_MAX = 64 << 10;

    private final SettingsForms forms;
    private final OrgFeature org;
    private final IdentityFeature identity;
    private final Freshness freshness;
    private final OrganisationSettings organisation;
    private final SignInSettings signIn;
    private final NetworkSettings networks;
    private final DomainSettings domains;
    private final ConfigSettings invitations;

    SettingsPages(Database db, ConsoleDoor.Rooms rooms) {
        forms = new SettingsForms(db);
        org = rooms.org();
        identity = rooms.identity();
        freshness = rooms.access().freshness;
        organisation = new OrganisationSettings(org.orgs, org.configs);
        signIn = new SignInSettings(rooms.saml().identityProviders, identity.providers, org.configs);
        networks = new NetworkSettings(org.ipAllowlists);
        domains = new DomainSettings(org.domainAllowlists);
        invitations = new ConfigSettings(SettingsTab.INVITATIONS, new ConfigFields(org.configs)
            .with(OrgConfig.LONG_INVITATIONS, "Invitations", "An invitation can be accepted for",
                "Applies to invitations that are sent from now on.",
                SettingField.choice("2 days", false, "30 days", true))
            .with(OrgConfig.ADMIN_ONLY_INVITES, "Invitations", "Who may invite people",
                "Administrators are those who hold user_access_manage.",
                SettingField.choice("All who hold user_access_invite", false, "Administrators only", true)));
    }

    void addTo(Console.Pages pages) {
        add(pages, organisation, CHANGE, visit -> tx -> besides(visit, tx));
        add(pages, signIn, CHANGE, visit -> tx -> ways(visit, tx));
        add(pages, invitations, CHANGE, _ -> _ -> new Besides(List.of(), new Nothing()));
        add(pages, networks, CHANGE, visit -> tx -> whereabouts(visit, tx));
        add(pages, domains, DOMAINS, _ -> _ -> new Besides(
            said("Limits where reports may be mailed, not who may join."), new Nothing()));
    }

    private void add(Console.Pages pages, SettingsSubject subject, Needs change,
        Function<Visit, SettingsForms.Reading> besides) {
        pages.get(subject.tab().path(), Needs.Simple.SESSION, visit -> {
            if (subject.tab().isAskedAgain() && visit.link().post(subject.tab().path()).isPresent()) {
                freshness.mustBeFresh(visit.caller());
            }
            return forms.show(visit, subject, besides.apply(visit));
        });
        pages.add("POST", subject.tab().path(), change, SessionMust.BE_FRESH,
            subject == networks ? NetworkSettings.BYTES_MAX : BYTES_MAX,
            visit -> forms.save(visit, subject, besides.apply(visit)));
    }

    private static List<Said> said(String text) {
        return List.of(new Said(text, false));
    }

    private Besides besides(Visit visit, Tx tx) {
        var one = org.orgs.find(tx, visit.caller().org()).orElseThrow();
        return new Besides(List.of(), new OfOrganisation(one.id().toString(), one.publicId(),
            visit.absolute(SignInAddresses.path(one)), visit.times().full(one.createdAt()),
            visit.times().full(one.modifiedAt()), visit.link().to(OrgDisablePages.PATH)));
    }

    private Besides ways(Visit visit, Tx tx) {
        var id = visit.caller().org();
        var said = new ArrayList<Said>();
        if (!identity.usable.anyWay(tx, id)) {
            said.add(
                new Said("No way to sign in works now. Keys go on working, and so do links that the operator makes "
                    + "with “roster user sign-in-link”.", true));
        }
        var mayConfigure = Providers.mayConfigure(visit.caller());
        return new Besides(said, new OfProviders(identity.providers.all(tx, id).stream()
            .map(one -> line(visit, one, mayConfigure)).toList(),
            mayConfigure ? visit.link().to(ProviderPages.NEW) : Optional.empty()));
    }

    private static ProviderLine line(Visit visit, Provider one, boolean mayConfigure) {
        return new ProviderLine(one.terms().name(), ProviderPages.product(one.client().profile()),
            mayConfigure ? visit.link().to(ProviderPages.PROVIDER, one.id()) : Optional.empty());
    }

    private Besides whereabouts(Visit visit, Tx tx) {
        var list = networks.list(tx, visit.caller().org());
        var said = new ArrayList<Said>();
        var mayChange = visit.link().post(SettingsTab.NETWORKS.path()).isPresent();
        visit.caller().address().ifPresent(address -> said.add(new Said("Your address is %s, which is %s.%s".formatted(
            address, IpAllowlists.isIn(list, address) ? "in the list" : "not in the list",
            mayChange && !IpAllowlists.isIn(list, address)
                ? " Add it before you limit use to these networks: otherwise you would be shut out." : ""),
            false)));
        if (!mayChange) {
            said.add(new Said("The networks themselves are shown to those who may change them.", false));
        } else if (networks.isTooLong(list)) {
            said.add(new Said("The list is too long to be changed here. Change it through the API.", true));
        }
        return new Besides(said, new Nothing());
    }
}
