package io.sluice.orchestrator.cli.progress;

import java.util.Locale;

/** The few colours a state may have; the word always stands beside the colour. */
enum Ansi {
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    RED("31"),
    FAINT("2");

    private static final char ESCAPE = 0x1b;

    private final String code;

    Ansi(String code) {
        this.code = code;
    }

    static Ansi of(String migrationState) {
        return switch (migrationState.toUpperCase(Locale.ROOT)) {
            case "DONE" -> GREEN;
            case "STOPPING", "CLONING", "STARTING" -> YELLOW;
            case "ABORTING", "ABORTED" -> RED;
            case "PLANNED" -> FAINT;
            default -> BLUE;
        };
    }

    String around(String text) {
        return ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m";
    }
}
