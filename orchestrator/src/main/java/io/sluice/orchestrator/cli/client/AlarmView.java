package io.sluice.orchestrator.cli.client;

/** Something an operator should look at. */
public record AlarmView(String kind, String subject, String since, String message, String remedy) {}
