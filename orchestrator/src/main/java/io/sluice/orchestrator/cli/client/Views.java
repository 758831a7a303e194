package io.sluice.orchestrator.cli.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an absent collection an empty one, so that an older service's shorter answers are still understood. */
final class Views {

    private Views() {}

    static <T> List<T> listOf(@Nullable List<T> items) {
        return items == null ? List.of() : List.copyOf(items);
    }

    static <V> Map<String, V> mapOf(@Nullable Map<String, V> entries) {
        return entries == null ? Map.of() : Map.copyOf(entries);
    }
}
