package io.sluice.agent.reconcile;

import io.sluice.agent.api.WorkerId;

/** Who reports: the worker, which start of its agent, which boot of its host. */
public record AgentIdentity(WorkerId worker, long incarnation, String bootId) {}
