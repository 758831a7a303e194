package io.sluice.agent;

import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.attach.CloneDirectory;
import io.sluice.agent.clone.kernel.KernelClones;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** What {@code sluice agent --missing} prints, whichever engine clones the volume. */
final class MissingListing {
    private MissingListing() {}

    /** @throws IllegalArgumentException the volume is not arriving here */
    static void print(Path stateDirectory, VolumeId volume, PrintWriter out) {
        List<Range> missing =
                new CloneDirectory(StateDirectory.portableClones(stateDirectory), BootId.read()).missing(volume);
        if (missing == null) {
            missing = KernelClones.missing(StateDirectory.kernelClones(stateDirectory), volume);
        }
        if (missing == null) {
            throw new IllegalArgumentException("volume '" + volume + "' is not arriving on this host: ask the"
                    + " destination of its migration, which 'sluice migrations show ID' names");
        }
        missing.forEach(range -> out.println(range.offset() + "-" + (range.end() - 1)));
        out.flush();
    }
}
