package io.sluice.agent.clone.kernel;

import io.sluice.iscsi.block.BlockDeviceException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * BLKDISCARD on a block device (blkdiscard(8) would read its signatures first, thus the source's). Nothing is done in its place
 * where the device refuses: to dm-clone a discard says that a region needs no copy, zeros would be written.
 */
final class BlockDiscards implements Media.Discarding {
    private static final int O_RDWR_CLOEXEC = 2 | 0x80000;
    private static final long BLKDISCARD = 0x1277L;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final MethodHandle OPEN = bind(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = bind(
            "ioctl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, POINTER),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FSYNC =
            bind("fsync", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            bind("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final Path device;
    private final int descriptor;

    BlockDiscards(Path device) {
        this.device = device;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(device.toString()), O_RDWR_CLOEXEC);
            check(descriptor, "open", state);
        } catch (Throwable thrown) {
            throw passed(thrown);
        }
    }

    @Override
    public void discard(long offset, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment range = arena.allocateFrom(ValueLayout.JAVA_LONG, offset, lengthBytes);
            check((int) IOCTL.invokeExact(state, descriptor, BLKDISCARD, range), "discard a range of", state);
        } catch (Throwable thrown) {
            throw passed(thrown);
        }
    }

    @Override
    public void flush() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            check((int) FSYNC.invokeExact(state, descriptor), "flush", state);
        } catch (Throwable thrown) {
            throw passed(thrown);
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            check((int) CLOSE.invokeExact(state, descriptor), "close", state);
        } catch (Throwable thrown) {
            throw passed(thrown);
        }
    }

    private void check(int result, String action, MemorySegment state) {
        if (result < 0) {
            int errno = (int) ERRNO.get(state, 0L);
            throw new BlockDeviceException("cannot " + action + " " + device + ": errno " + errno, true);
        }
    }

    private static RuntimeException passed(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException expected -> expected;
            case Error error -> throw error;
            default -> new IllegalStateException("a call of the C library could not be made", thrown);
        };
    }

    @SuppressWarnings("restricted") // calling the C library is what this class is for; --enable-native-access allows it
    private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }
}
