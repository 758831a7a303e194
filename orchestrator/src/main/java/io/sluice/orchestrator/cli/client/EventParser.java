package io.sluice.orchestrator.cli.client;

import java.util.function.Consumer;

/** Turns the lines of a {@code text/event-stream} (WHATWG HTML §9.2.6) into events. Comments are keep-alives. */
final class EventParser {

    private final Consumer<DrainEvent> sink;
    private final StringBuilder data = new StringBuilder();
    private String cursor = "";
    private String type = "message";

    EventParser(Consumer<DrainEvent> sink) {
        this.sink = sink;
    }

    void line(String line) {
        if (line.isEmpty()) {
            dispatch();
            return;
        }
        int colon = line.indexOf(':');
        if (colon == 0) {
            return;
        }
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        field(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String name, String value) {
        switch (name) {
            case "id" -> cursor = value;
            case "event" -> type = value;
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            default -> {} // the standard says: ignore
        }
    }

    private void dispatch() {
        if (!data.isEmpty()) {
            sink.accept(new DrainEvent(cursor, type, data.toString()));
        }
        data.setLength(0);
        type = "message";
    }
}
