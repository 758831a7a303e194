package io.sluice.orchestrator.cli.client;

/** One state of the machine that every migration goes through. */
public record StateView(String state, String kind) {}
