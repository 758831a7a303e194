package io.sluice.orchestrator.ceiling;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.fleet.Ceilings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Keeps the rates in the specs at what {@link Pacing} says. A round may run at any time and on every replica: rounds are
 * numbered, and only the newest may write. Never on the way of a cutover.
 */
@Service
public class Pacer {
    private static final Logger log = LoggerFactory.getLogger(Pacer.class);

    private final PacingStore store;
    private final CeilingStore ceilings;

    Pacer(PacingStore store, CeilingStore ceilings) {
        this.store = store;
        this.ceilings = ceilings;
    }

    /** What a round leaves to do. */
    public enum Outcome {
        /** All rates are what they should be. */
        SETTLED,
        /** Some rise only once hosts have taken up what was lowered, or another round came between: look again soon. */
        UNDER_WAY
    }

    /** Looks first without a number, so that rounds with nothing to do never end one of another replica. */
    public Outcome round() {
        if (!ceilings.ceilings().onBytes() && !store.paced()) {
            return Outcome.SETTLED;
        }
        List<PacedVolume> seen = store.copying();
        if (Pacing.next(seen, ceilings.ceilings()).isEmpty()) {
            return settled(seen);
        }
        long round = store.begin();
        List<PacedVolume> volumes = store.copying();
        Ceilings now = ceilings.ceilings();
        Map<MigrationId, List<Grant>> grants =
                Pacing.next(volumes, now).stream().collect(Collectors.groupingBy(Grant::migration));
        int written = 0;
        for (var entry : grants.entrySet()) {
            written += store.grant(round, entry.getKey(), entry.getValue()) ? 1 : 0;
        }
        log.info(
                "rates changed round={} copying={} migrations={} written={}",
                round,
                volumes.size(),
                grants.size(),
                written);
        return Outcome.UNDER_WAY;
    }

    private static Outcome settled(List<PacedVolume> volumes) {
        return volumes.stream().allMatch(volume -> volume.loose() == volume.granted())
                ? Outcome.SETTLED
                : Outcome.UNDER_WAY;
    }
}
