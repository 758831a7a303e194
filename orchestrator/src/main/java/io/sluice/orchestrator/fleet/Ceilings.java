package io.sluice.orchestrator.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Every ceiling that was set.
 *
 * @param set a link of the name {@link #EACH} stands for each of its scope and direction; a link's own ceiling goes before it,
 *     number by number
 */
public record Ceilings(Map<Link, Ceiling> set) {
    public static final Ceilings NONE = new Ceilings(Map.of());

    /** Name of the links that have no ceiling of their own. */
    public static final String EACH = Link.FLEET_NAME;

    public Ceilings {
        set = Map.copyOf(set);
    }

    public Ceiling of(Link link) {
        Link each = new Link(link.scope(), EACH, link.direction());
        return set.getOrDefault(link, Ceiling.NONE).or(set.getOrDefault(each, Ceiling.NONE));
    }

    /** Whether any ceiling is on bytes. */
    public boolean onBytes() {
        return set.values().stream().anyMatch(ceiling -> ceiling.bytesPerSecond() != null);
    }

    /** Bytes/s of those of these links that have such a ceiling. */
    public Map<Link, Long> bytesPerSecond(Collection<Link> links) {
        Map<Link, Long> found = new HashMap<>();
        for (Link link : links) {
            Long bytes = of(link).bytesPerSecond();
            if (bytes != null) {
                found.put(link, bytes);
            }
        }
        return found;
    }

    /** Migrations at once of those of these links that have such a ceiling. */
    public Map<Link, Integer> migrations(Collection<Link> links) {
        Map<Link, Integer> found = new HashMap<>();
        for (Link link : links) {
            Integer migrations = of(link).migrations();
            if (migrations != null) {
                found.put(link, migrations);
            }
        }
        return found;
    }
}
