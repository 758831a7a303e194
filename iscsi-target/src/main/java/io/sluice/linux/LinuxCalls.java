package io.sluice.linux;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * The few system calls that the JDK does not offer: open(2) for a descriptor to use with fallocate(2), lseek(2) with SEEK_DATA
 * and SEEK_HOLE, ioctl(2) for block devices, and preadv2(2) with RWF_NOWAIT. A result below 0 is a negated errno.
 */
public final class LinuxCalls {
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CLOEXEC = 0x80000;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;
    private static final int FALLOC_KEEP_SIZE = 0x01;
    public static final int FALLOC_KEEP_SIZE_PUNCH_HOLE = 0x01 | 0x02;
    public static final int ENOSPC = 28;
    public static final int EDQUOT = 122;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    private static final int RWF_NOWAIT = 0x08;

    private static final long BLKROSET = 0x125dL;
    private static final long BLKGETSIZE64 = 0x80081272L;
    private static final long BLKFLSBUF = 0x1261L;
    private static final int FADVISE_DONT_NEED = 4;
    private static final long BLKZEROOUT = 0x127fL;
    private static final long BLKDISCARD = 0x1277L;
    private static final int BLKSSZGET = 0x1268;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    // open and ioctl are variadic: without firstVariadicArg the third argument may travel wrongly (it does on AArch64).
    private static final MethodHandle OPEN = bind(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL = bind(
            "ioctl",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, POINTER),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            bind("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle FSYNC =
            bind("fsync", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle LSEEK = bind(
            "lseek",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle FALLOCATE = bind(
            "fallocate",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG));

    private static final MethodHandle PREADV2 = bind(
            "preadv2",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    POINTER,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    /** What a read needs besides its buffer, for each thread: it is called too often to ask for memory every time. */
    private record ReadCall(MemorySegment state, MemorySegment vector) {
        private static final ThreadLocal<ReadCall> OF_THREAD = ThreadLocal.withInitial(() -> {
            Arena arena = Arena.ofAuto();
            return new ReadCall(arena.allocate(CALL_STATE), arena.allocate(ValueLayout.JAVA_LONG, 2));
        });
    }

    private static final MethodHandle POSIX_FADVISE = bind(
            "posix_fadvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));

    private LinuxCalls() {}

    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
            return fd >= 0 ? fd : -errno(state);
        } catch (Throwable thrown) {
            throw new AssertionError("open(2) could not be called", thrown);
        }
    }

    public static int close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) CLOSE.invokeExact(state, fd);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable thrown) {
            throw new AssertionError("close(2) could not be called", thrown);
        }
    }

    public static long seek(int fd, long offset, int whence) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = (long) LSEEK.invokeExact(state, fd, offset, whence);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable thrown) {
            throw new AssertionError("lseek(2) could not be called", thrown);
        }
    }

    /** Reads into a direct buffer what lies in the page cache, as far as it does; the buffer's position stays. */
    public static long readCached(int fd, long offset, ByteBuffer into) {
        ReadCall call = ReadCall.OF_THREAD.get();
        call.vector.setAtIndex(
                ValueLayout.JAVA_LONG, 0, MemorySegment.ofBuffer(into).address());
        call.vector.setAtIndex(ValueLayout.JAVA_LONG, 1, into.remaining());
        try {
            long result = (long) PREADV2.invokeExact(call.state, fd, call.vector, 1, offset, RWF_NOWAIT);
            return result >= 0 ? result : -errno(call.state);
        } catch (Throwable thrown) {
            throw new AssertionError("preadv2(2) could not be called", thrown);
        } finally {
            Reference.reachabilityFence(into);
        }
    }

    public static int punchHole(int fd, long offset, long lengthBytes) {
        return fallocate(fd, FALLOC_KEEP_SIZE_PUNCH_HOLE, offset, lengthBytes);
    }

    /** Makes room for a range without changing what it reads: 0, or a negated errno. */
    public static int allocate(int fd, long offset, long lengthBytes) {
        return fallocate(fd, FALLOC_KEEP_SIZE, offset, lengthBytes);
    }

    private static int fallocate(int fd, int mode, long offset, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) FALLOCATE.invokeExact(state, fd, mode, offset, lengthBytes);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable thrown) {
            throw new AssertionError("fallocate(2) could not be called", thrown);
        }
    }

    /** Drops the page cache's clean pages of a file: 0, or a negated errno. */
    public static int dropCached(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            return -(int) POSIX_FADVISE.invokeExact(state, fd, 0L, 0L, FADVISE_DONT_NEED);
        } catch (Throwable thrown) {
            throw new AssertionError("posix_fadvise(2) could not be called", thrown);
        }
    }

    /** Forbids or allows opening a block device for writing, until it goes or somebody sets that anew: 0, or a negated errno. */
    public static int setReadOnly(int fd, boolean readOnly) {
        try (Arena arena = Arena.ofConfined()) {
            return ioctl(arena, fd, BLKROSET, arena.allocateFrom(ValueLayout.JAVA_INT, readOnly ? 1 : 0));
        }
    }

    /** Puts what was written to a file or device on stable storage: 0, or a negated errno. */
    public static int sync(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) FSYNC.invokeExact(state, fd);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable thrown) {
            throw new AssertionError("fsync(2) could not be called", thrown);
        }
    }

    /** Writes back and drops what the kernel has cached of a block device: 0, or a negated errno. */
    public static int flushBuffers(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            return ioctl(arena, fd, BLKFLSBUF, MemorySegment.NULL);
        }
    }

    /** Size of a block device in bytes, or a negated errno. */
    public static long blockDeviceSize(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
            int result = ioctl(arena, fd, BLKGETSIZE64, size);
            return result < 0 ? result : size.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Logical sector size of a block device in bytes, or a negated errno. */
    public static int blockDeviceSectorBytes(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
            int result = ioctl(arena, fd, BLKSSZGET, size);
            return result < 0 ? result : size.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Zeroes a range of a block device, by the device itself where it can. */
    public static int zeroOut(int fd, long offset, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = arena.allocateFrom(ValueLayout.JAVA_LONG, offset, lengthBytes);
            return ioctl(arena, fd, BLKZEROOUT, range);
        }
    }

    /** Gives a range of a block device back; what it reads then is the device's affair. Nothing is done in its place where it refuses. */
    public static int discard(int fd, long offset, long lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = arena.allocateFrom(ValueLayout.JAVA_LONG, offset, lengthBytes);
            return ioctl(arena, fd, BLKDISCARD, range);
        }
    }

    /** Any other request: what is in the argument's memory goes in and comes out. */
    public static int ioctl(int fd, long request, MemorySegment argument) {
        try (Arena arena = Arena.ofConfined()) {
            return ioctl(arena, fd, request, argument);
        }
    }

    private static int ioctl(Arena arena, int fd, long request, MemorySegment argument) {
        try {
            MemorySegment state = arena.allocate(CALL_STATE);
            int result = (int) IOCTL.invokeExact(state, fd, request, argument);
            return result >= 0 ? result : -errno(state);
        } catch (Throwable thrown) {
            throw new AssertionError("ioctl(2) could not be called", thrown);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO_VALUE.get(state, 0L);
    }

    @SuppressWarnings("restricted") // calling the C library is what this class is for; --enable-native-access allows it
    private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = ERRNO;
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
    }
}
