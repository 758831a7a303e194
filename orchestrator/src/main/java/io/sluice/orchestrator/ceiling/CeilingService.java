package io.sluice.orchestrator.ceiling;

import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Ceilings, and what goes on under them. */
@Service
public class CeilingService {
    private static final Logger log = LoggerFactory.getLogger(CeilingService.class);

    private final CeilingStore store;
    private final PacingStore pacing;
    private final CeilingListener listener;

    CeilingService(CeilingStore store, PacingStore pacing, CeilingListener listener) {
        this.store = store;
        this.pacing = pacing;
        this.listener = listener;
    }

    /**
     * A ceiling and what is under it.
     *
     * @param taken migrations under way; null for a ceiling that stands for each of its scope
     * @param grantedBytesPerSecond sum of the rates given out under it; null likewise, and while one of them has none
     */
    public record Usage(
            Link link,
            Ceiling ceiling,
            @Nullable Integer taken,
            @Nullable Long grantedBytesPerSecond) {}

    /** Every ceiling that was set, and every link in use that has one from its scope, in the order of links. */
    public List<Usage> usage() {
        Ceilings ceilings = store.ceilings();
        var taken = store.taken();
        List<PacedVolume> volumes = pacing.copying();
        NavigableSet<Link> links = new TreeSet<>(ceilings.set().keySet());
        taken.keySet().stream()
                .filter(link -> !ceilings.of(link).equals(Ceiling.NONE))
                .forEach(links::add);
        return links.stream()
                .map(link -> {
                    boolean each = link.name().equals(Ceilings.EACH) && link.scope() != Link.Scope.FLEET;
                    return new Usage(
                            link,
                            ceilings.of(link),
                            each ? null : taken.getOrDefault(link, 0),
                            each ? null : granted(link, volumes));
                })
                .toList();
    }

    private static @Nullable Long granted(Link link, List<PacedVolume> volumes) {
        long sum = 0;
        for (PacedVolume volume : volumes) {
            if (volume.path().contains(link)) {
                if (volume.granted() == PacedVolume.UNLIMITED) {
                    return null;
                }
                sum += volume.granted();
            }
        }
        return sum;
    }

    /** The ceiling that was set for this very link; {@link Ceiling#NONE} for none. */
    public Ceiling of(Link link) {
        return store.ceilings().set().getOrDefault(link, Ceiling.NONE);
    }

    /** Sets the ceiling of a link; one that leaves all open is taken away. */
    public void set(Link link, Ceiling ceiling, String actor) {
        store.set(link, ceiling.equals(Ceiling.NONE) ? null : ceiling, actor);
        log.info(
                "ceiling set scope={} name={} direction={} migrations={} bytesPerSecond={} actor={}",
                link.scope(),
                link.name(),
                link.direction(),
                ceiling.migrations(),
                ceiling.bytesPerSecond(),
                actor);
        listener.ceilingsChanged();
    }
}
