package roster.door.web.console;

import roster.core.provisioning.DirectoryRequest.Failure;
import roster.core.provisioning.DirectoryRequests.Failed;

/// What pages say of requests of directories that failed.
final class FailureWords {
    private FailureWords() {}

    /// One sentence, and what to do where that is not plain.
    static String of(Failed failed) {
        var about = failed.failure().about();
        return switch (failed.status()) {
            case 400 -> bulk(failed) || !about.equals(Failure.BULK_ID) ? bad(failed.failure().scimType(), about)
                : "It depends on another change in the same request, which failed or is not there.";
            case 401 -> "The key, or the account it belongs to, ended while the request was carried out.";
            case 403 -> refused(about);
            case 404 -> missing(failed);
            case 405 -> "A change is of a kind that is not possible at its address.";
            case 409 -> taken(about);
            case 412 -> "It was changed meanwhile by another.";
            case 413 -> "The request was too large.";
            case 415 -> "The body was not JSON.";
            case 429 -> "There were too many requests. Directories try again.";
            case 501 -> "This can't be done over SCIM.";
            case 503 -> "Roster was busy. Directories try again.";
            default -> failed.status() >= 500 ? "Something broke on Roster's side. Its log has the details."
                : "The request was refused.";
        };
    }

    private static boolean bulk(Failed failed) {
        return failed.route().endsWith("/Bulk");
    }

    private static String missing(Failed failed) {
        if (bulk(failed)) {
            return "A change names an address that there is not.";
        }
        return failed.route().contains("/Groups") ? "There is no such group. It may have been deleted here."
            : "There is no such person. They may have been anonymised, or deleted by the directory.";
    }

    private static String bad(String type, String about) {
        var named = about.isEmpty() ? "A value" : "The value of " + about;
        return switch (type) {
            case "invalidValue" -> named + " is missing, or can't be taken.";
            case "invalidSyntax" -> about.isEmpty() ? "The body could not be understood."
                : named + " is not of the right type.";
            case "invalidFilter" -> "The filter could not be understood.";
            case "invalidPath" -> "A mapping names an attribute that there is not.";
            case "noTarget" -> "The change names something that is not there.";
            case "mutability" -> about.equals("displayName") ? "Managed roles can't be renamed."
                : "A mapping writes an attribute that can only be read.";
            case "tooMany" -> "The request takes too much work, or the answer would be too long.";
            case "invalidCursor" -> "The place in the list is not good any more.";
            default -> "The request could not be understood.";
        };
    }

    private static String refused(String about) {
        return switch (about) {
            case Failure.LAST_ADMINISTRATOR ->
                "This would have left no active administrator. Another one must come in first.";
            case Failure.NETWORKS -> "The directory calls from a network that is not in the list of networks.";
            case "" -> "It is not allowed.";
            default -> "The key, or the account it belongs to, lacks the permission " + about + ".";
        };
    }

    private static String taken(String about) {
        return switch (about) {
            case "userName" -> "Another person has this userName.";
            case "emails" -> "Another person has this email address.";
            case "displayName" -> "Another role has this name.";
            case "externalId" -> "A disabled person is known by another externalId.";
            default -> "This is taken.";
        };
    }
}
