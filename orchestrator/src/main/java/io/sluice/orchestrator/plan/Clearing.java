package io.sluice.orchestrator.plan;

import java.util.Set;

/**
 * What a plan may move out of the way of what finds no place.
 *
 * @param permission of each drain that is planned
 * @param spared names of cargoes that are not moved for others' sake, and for whose sake nothing is moved
 */
public record Clearing(Permission permission, Set<String> spared) {
    public static final Clearing NONE = new Clearing(Permission.NONE, Set.of());

    public Clearing {
        spared = Set.copyOf(spared);
    }
}
