package roster.core.bulk;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import roster.core.index.PeopleQuery;
import roster.core.invitation.InvitationSearch;
import roster.core.reader.PastedText;
import roster.model.Invitation;
import roster.model.Role;
import roster.model.User;

/// People chosen for an act, until it begins.
public record Selection(UUID id, Chosen chosen, Instant createdAt) {
    /// How long one is good.
    public static final Duration LIFE = Duration.ofHours(24);

    /// People or invitations that are chosen by hand.
    public static final int IDS_MAX = 10_000;

    /// How they were chosen.
    public sealed interface Chosen {
        /// @param ids in order
        record People(List<User.Id> ids) implements Chosen {
            public People {
                ids = List.copyOf(ids);
            }
        }

        /// @param ids in order
        record Invitations(List<Invitation.Id> ids) implements Chosen {
            public Invitations {
                ids = List.copyOf(ids);
            }
        }

        /// All who match, at the time of the act.
        ///
        /// @param zone in which the days of the query begin
        record Matching(PeopleQuery query, ZoneId zone) implements Chosen {}

        /// All invitations that match, at the time of the act.
        ///
        /// @param zone in which the days of the search begin
        record MatchingInvitations(InvitationSearch search, ZoneId zone) implements Chosen {}

        /// What was pasted.
        ///
        /// @param roles for all
        /// @param send whether they are sent an e-mail
        record Pasted(PastedText text, List<Role.Id> roles, boolean send) implements Chosen {
            public Pasted {
                roles = List.copyOf(roles);
            }
        }
    }
}
