package io.sluice.agent.devicemapper;

import io.sluice.agent.devicemapper.ControlCall.Request;
import io.sluice.linux.LinuxCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** That of the kernel, open for the life of the agent. */
final class KernelControlFile implements ControlFile {
    private final int descriptor;

    private KernelControlFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Null when there is none, or it may not be opened. */
    static @Nullable KernelControlFile open(Path file) {
        int descriptor = LinuxCalls.open(file.toString(), LinuxCalls.O_RDWR | LinuxCalls.O_CLOEXEC);
        return descriptor < 0 ? null : new KernelControlFile(descriptor);
    }

    @Override
    public int call(Request request, byte[] buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, buffer);
            int result = LinuxCalls.ioctl(descriptor, request.code(), memory);
            if (result < 0) {
                return -result;
            }
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, buffer, 0, buffer.length);
            return 0;
        }
    }
}
