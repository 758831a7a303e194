package io.sluice.orchestrator.cli.client;

/** One server-sent event of a drain: its cursor (to resume after), its type and its data as JSON text. */
public record DrainEvent(String cursor, String type, String data) {}
