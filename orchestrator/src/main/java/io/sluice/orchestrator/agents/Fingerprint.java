package io.sluice.orchestrator.agents;

import io.sluice.agent.api.HostReport;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * By which two reports of a host are told to say the same.
 *
 * @param steps of what a decision may rest on; a field that is not known here counts as that
 * @param whole of all but the report's number
 */
record Fingerprint(String steps, String whole) {
    /** What grows, shrinks or ages by itself while nothing is done. */
    private static final Set<String> OF_POOL = Set.of("freeBytes");

    private static final Set<String> OF_VOLUME = Set.of("allocatedBytes", "deletesInSeconds");
    private static final Set<String> OF_EXPORT = Set.of("sessions", "bytesServed");
    private static final Set<String> OF_ATTACHMENT = Set.of("secondsInState");
    private static final Set<String> OF_FAILURE = Set.of("message", "seconds", "attempts");
    private static final Set<String> OF_HYDRATION = Set.of(
            "hydratedRegions",
            "inFlightRegions",
            "copiedBytes",
            "skippedBytes",
            "writtenBytes",
            "bytesPerSecond",
            "pace");

    static Fingerprint of(HostReport report, ObjectMapper json) {
        ObjectNode tree = json.valueToTree(report);
        tree.remove("sequence");
        String whole = digest(json, tree);
        each(tree, "pools", pool -> pool.remove(OF_POOL));
        each(tree, "volumes", volume -> volume.remove(OF_VOLUME));
        each(tree, "retired", copy -> copy.remove(OF_VOLUME));
        each(tree, "exports", export -> export.remove(OF_EXPORT));
        each(tree, "failures", failure -> failure.remove(OF_FAILURE));
        each(tree, "incoming", Fingerprint::incoming);
        return new Fingerprint(digest(json, tree), whole);
    }

    private static void each(ObjectNode tree, String list, Consumer<ObjectNode> change) {
        JsonNode elements = tree.path(list);
        elements.forEach(element -> {
            if (element instanceof ObjectNode object) {
                change.accept(object);
            }
        });
    }

    private static void incoming(ObjectNode volume) {
        if (volume.path("attachment") instanceof ObjectNode attachment) {
            attachment.remove(OF_ATTACHMENT);
        }
        if (volume.path("hydration") instanceof ObjectNode hydration) {
            boolean complete = hydration.path("hydratedRegions").asLong()
                            == hydration.path("totalRegions").asLong()
                    && hydration.path("inFlightRegions").asLong() == 0;
            hydration.remove(OF_HYDRATION);
            hydration.put("complete", complete);
        }
    }

    private static String digest(ObjectMapper json, ObjectNode tree) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(tree)), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
