package io.sluice.orchestrator.web;

import java.util.List;

/** What every list answers: an object, so that paging can be added without breaking anyone. */
public record Items<T>(List<T> items) {
    public Items {
        items = List.copyOf(items);
    }
}
