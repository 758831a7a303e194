package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where everything on one worker goes, made from one fleet snapshot and never changed.
 *
 * @param placements in the order in which they are to begin
 * @param refusals what stays, with the reason
 * @param moves what others have to leave first for some of what is refused; plans stored before there was such a thing have none
 */
public record DrainPlan(
        WorkerId worker,
        List<Placement> placements,
        List<Refusal> refusals,
        List<ThirdPartyMove> moves,
        Forecast forecast) {
    @SuppressWarnings("NullAway")
    public DrainPlan {
        placements = List.copyOf(placements);
        refusals = List.copyOf(refusals);
        moves = moves == null ? List.of() : List.copyOf(moves);
    }

    /** Without third-party moves. */
    public DrainPlan(WorkerId worker, List<Placement> placements, List<Refusal> refusals, Forecast forecast) {
        this(worker, placements, refusals, List.of(), forecast);
    }

    /** Everything that moves when it is executed: third-party moves first, for others wait for them. */
    public List<Placement> all() {
        return Stream.concat(moves.stream().map(ThirdPartyMove::placement), placements.stream())
                .toList();
    }

    /** Names of the cargoes in the order in which they begin. */
    public List<String> order() {
        return placements.stream().map(placement -> placement.cargo().name()).toList();
    }

    /**
     * Stable over what the plan does: worker, order, volumes with their sizes, destinations, pools, engines, refusals and third-party
     * moves. Words and the forecast do not count, for they change while nothing that matters does.
     */
    public String hash() {
        var content = new StringBuilder("drain ").append(worker).append('\n');
        for (Placement placement : placements) {
            append(content.append("place "), placement);
        }
        for (Refusal refusal : refusals) {
            content.append("refuse ").append(refusal.workload()).append(' ').append(refusal.volumes());
            content.append(' ').append(refusal.reason().code()).append('\n');
        }
        for (ThirdPartyMove move : moves) {
            content.append("for ").append(move.makesRoomFor()).append(" from ").append(move.source());
            append(content.append(" move "), move.placement());
        }
        return sha256(content.toString());
    }

    private static void append(StringBuilder content, Placement placement) {
        content.append(placement.cargo().name()).append(" to ").append(placement.destination());
        for (int i = 0; i < placement.pools().size(); i++) {
            var volume = placement.cargo().volumes().get(i);
            content.append(' ').append(volume.id()).append('=').append(volume.sizeBytes());
            content.append('/').append(volume.blockBytes());
            content.append('@').append(placement.pools().get(i));
        }
        content.append(" by ").append(placement.engine()).append('\n');
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
