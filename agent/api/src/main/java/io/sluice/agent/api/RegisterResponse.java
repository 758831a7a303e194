package io.sluice.agent.api;

/** The worker's identity. The credential is the bearer token of every later call; it is stored hashed by the orchestrator. */
public record RegisterResponse(WorkerId worker, String credential) {
    @Override
    public String toString() {
        return "RegisterResponse[worker=" + worker + ", credential withheld]";
    }
}
