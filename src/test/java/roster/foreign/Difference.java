package roster.foreign;

import tools.jackson.databind.JsonNode;

/// Where an answer is not what was recorded.
///
/// @param what without anything that differs from run to run
public record Difference(String what) {
    static Difference of(String pointer, String recorded, String ours) {
        return new Difference("%s: recorded %s, ours %s".formatted(pointer, shown(recorded), shown(ours)));
    }

    static Difference of(String pointer, JsonNode recorded, JsonNode ours) {
        return of(pointer, recorded.toString(), ours.isMissingNode() ? "nothing" : ours.toString());
    }

    Difference in(int step, Recording.Step request) {
        return new Difference("step %d, %s, %s".formatted(step, request, what));
    }

    private static String shown(String value) {
        var still = value.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "…")
            .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|\\+00:00)", "…");
        return still.length() <= 120 ? still : still.substring(0, 120) + "…";
    }

    @Override
    public String toString() {
        return what;
    }
}
