package io.sluice.agent;

import java.nio.file.Path;

/** Where in the agent's state directory the clones are remembered. */
final class StateDirectory {
    private StateDirectory() {}

    static Path portableClones(Path state) {
        return state.resolve("clones");
    }

    static Path kernelClones(Path state) {
        return state.resolve("kernel-clones");
    }
}
