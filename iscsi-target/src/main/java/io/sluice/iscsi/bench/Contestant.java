package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server to be measured. */
interface Contestant {

    /** As reports call it. */
    String name();

    /** What this machine lacks to run it, and what to install; null if nothing. */
    @Nullable
    String missing();

    /** Starts it with one file to serve and returns when it can be connected to. */
    Served start(Path file) throws IOException;

    boolean speaks(Work work);
}
