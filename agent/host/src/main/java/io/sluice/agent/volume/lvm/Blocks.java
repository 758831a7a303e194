package io.sluice.agent.volume.lvm;

import java.nio.file.Path;
import java.util.function.LongConsumer;

/** What is done with a volume's own bytes; failures are {@code BlockDeviceException}. */
interface Blocks extends LvmReports.Sectors {

    /** Puts what was written to it on stable storage and forgets what is cached of it. */
    void flush(Path device);

    /** Fills it with zeros, durably; tells now and then how many bytes are done. */
    void zero(Path device, LongConsumer done);
}
