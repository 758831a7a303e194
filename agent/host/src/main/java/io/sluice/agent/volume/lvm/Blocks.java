package io.sluice.agent.volume.lvm;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/** What is done with a volume's own bytes; failures are {@code BlockDeviceException}. */
interface Blocks extends LvmReports.Sectors {

    /** Puts what was written to it on stable storage and forgets what is cached of it. */
    void flush(Path device);

    /**
     * From now on nobody can open the device for writing, until {@link #allowWrites} or a reboot; whether that is so. What has it
     * open for writing keeps it.
     */
    boolean forbidWrites(Path device);

    /** Ends {@link #forbidWrites}; harmless where writing is allowed. */
    void allowWrites(Path device);

    /** Fills it with zeros, durably; tells now and then how many bytes are done. */
    void zero(Path device, LongConsumer done);
}
