package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Where everything on one worker goes, made from one fleet snapshot and never changed.
 *
 * @param placements in the order in which they are to begin
 * @param refusals what stays, with the reason
 */
public record DrainPlan(WorkerId worker, List<Placement> placements, List<Refusal> refusals, Forecast forecast) {
    public DrainPlan {
        placements = List.copyOf(placements);
        refusals = List.copyOf(refusals);
    }

    /** Names of the cargoes in the order in which they begin. */
    public List<String> order() {
        return placements.stream().map(placement -> placement.cargo().name()).toList();
    }

    /**
     * Stable over what the plan does: worker, order, volumes with their sizes, destinations, pools, engines and refusals. Words and
     * the forecast do not count, for they change while nothing that matters does.
     */
    public String hash() {
        var content = new StringBuilder("drain ").append(worker).append('\n');
        for (Placement placement : placements) {
            content.append("place ").append(placement.cargo().name());
            content.append(" to ").append(placement.destination());
            for (int i = 0; i < placement.pools().size(); i++) {
                var volume = placement.cargo().volumes().get(i);
                content.append(' ').append(volume.id()).append('=').append(volume.sizeBytes());
                content.append('/').append(volume.blockBytes());
                content.append('@').append(placement.pools().get(i));
            }
            content.append(" by ").append(placement.engine()).append('\n');
        }
        for (Refusal refusal : refusals) {
            content.append("refuse ").append(refusal.workload()).append(' ').append(refusal.volumes());
            content.append(' ').append(refusal.reason().code()).append('\n');
        }
        return sha256(content.toString());
    }

    private static String sha256(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
