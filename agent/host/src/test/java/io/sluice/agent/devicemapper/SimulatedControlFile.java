package io.sluice.agent.devicemapper;

import io.sluice.agent.devicemapper.ControlCall.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The kernel behind its control file, call by call: a device's node comes with its first table, as on kernels since 5.15. It outlives
 * an agent, which may be made to end at any call, and a call may be made to hang.
 */
final class SimulatedControlFile implements ControlFile {
    private static final int ENXIO = 6;
    private static final int EBUSY = 16;
    private static final int HEADER_BYTES = 312;
    private static final int SUSPENDED = 1 << 1;
    private static final int LIVE_TABLE = 1 << 5;
    private static final int OTHER_TABLE = 1 << 6;

    private final Path dev;
    private final Map<String, Device> devices = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Hang> hangs = new TreeMap<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private int diesAt = Integer.MAX_VALUE;
    private boolean diesBefore;
    private boolean dead;

    private static final class Device {
        final int minor;

        @Nullable
        String live;

        @Nullable
        String loaded;

        boolean suspended;
        int openers;

        Device(int minor) {
            this.minor = minor;
        }
    }

    /** The end of the agent at a call. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1;
    }

    record Hang(CountDownLatch reached, CountDownLatch until) {
        void awaitReached() throws InterruptedException {
            if (!reached.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("no call came to hang");
            }
        }

        void over() {
            until.countDown();
        }
    }

    /** @param dev an empty directory in the place of {@code /dev} */
    SimulatedControlFile(Path dev) {
        this.dev = dev;
    }

    /** The agent ends at that call, counted from 0 over all so far, before or after the kernel has done it. */
    synchronized void dieAt(int call, boolean before) {
        diesAt = call;
        diesBefore = before;
    }

    /** The next agent. */
    synchronized void live() {
        diesAt = Integer.MAX_VALUE;
        dead = false;
    }

    /** Calls of that kind do not come back, nor do anything, until this is over. */
    synchronized Hang hang(String kind) {
        Hang hang = new Hang(new CountDownLatch(1), new CountDownLatch(1));
        hangs.put(kind, hang);
        return hang;
    }

    /** The next call of that kind is refused. */
    synchronized void refuse(String kind, int errno) {
        refusals.put(kind, errno);
    }

    synchronized void open(DeviceName name) {
        require(name).openers++;
    }

    synchronized void close(DeviceName name) {
        require(name).openers--;
    }

    private Device require(DeviceName name) {
        return Objects.requireNonNull(devices.get(name.value()));
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized boolean has(DeviceName name) {
        return devices.containsKey(name.value());
    }

    /** The arguments of the table in force; null where there is none. */
    synchronized @Nullable String live(DeviceName name) {
        Device device = devices.get(name.value());
        return device == null ? null : device.live;
    }

    synchronized @Nullable String loaded(DeviceName name) {
        Device device = devices.get(name.value());
        return device == null ? null : device.loaded;
    }

    synchronized boolean isSuspended(DeviceName name) {
        return require(name).suspended;
    }

    @Override
    public int call(Request request, byte[] buffer) {
        ByteBuffer call = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
        String kind = request == Request.SUSPEND && (call.getInt(28) & SUSPENDED) == 0 ? "RESUME" : request.name();
        Hang hang;
        synchronized (this) {
            hang = hangs.get(kind);
        }
        if (hang != null) {
            hang.reached().countDown();
            try {
                hang.until().await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("the kernel is not interrupted", e);
            }
        }
        synchronized (this) {
            return alive(kind, call);
        }
    }

    private int alive(String kind, ByteBuffer call) {
        int number = calls.size();
        if (dead || (number == diesAt && diesBefore)) {
            dead = true;
            throw new Died();
        }
        calls.add(kind);
        Integer refused = refusals.remove(kind);
        int errno = refused == null ? perform(kind, text(call, 48), call) : refused;
        if (number == diesAt) {
            dead = true;
            throw new Died();
        }
        return errno;
    }

    private int perform(String kind, String name, ByteBuffer call) {
        Device device = devices.get(name);
        if (kind.equals("CREATE")) {
            if (device != null) {
                return EBUSY;
            }
            devices.put(name, new Device(devices.size()));
            return 0;
        }
        if (device == null) {
            return ENXIO;
        }
        switch (kind) {
            case "LOAD" -> {
                device.loaded = text(call, 352);
                node(device, true);
            }
            case "CLEAR" -> device.loaded = null;
            case "SUSPEND" -> device.suspended = true;
            case "RESUME" -> {
                device.live = device.loaded == null ? device.live : device.loaded;
                device.loaded = null;
                device.suspended = false;
            }
            case "REMOVE" -> {
                if (device.openers > 0) {
                    return EBUSY;
                }
                devices.remove(name);
                node(device, false);
            }
            default -> {}
        }
        answer(kind, device, call);
        return 0;
    }

    private static void answer(String kind, Device device, ByteBuffer call) {
        call.putInt(24, device.openers).putLong(40, 253L << 8 | device.minor);
        call.putInt(
                28,
                (device.live == null ? 0 : LIVE_TABLE)
                        | (device.loaded == null ? 0 : OTHER_TABLE)
                        | (device.suspended ? SUSPENDED : 0));
        call.putInt(16, HEADER_BYTES).putInt(20, 0);
        if (kind.equals("TABLE") && device.live != null) {
            call.putInt(20, 1);
            call.putLong(HEADER_BYTES, 0).putLong(HEADER_BYTES + 8, 2048);
            call.put(HEADER_BYTES + 24, "linear\0".getBytes(StandardCharsets.UTF_8));
            call.put(HEADER_BYTES + 40, (device.live + "\0").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void node(Device device, boolean there) {
        Path node = dev.resolve("dm-" + device.minor);
        try {
            if (!there) {
                Files.deleteIfExists(node);
            } else if (!Files.exists(node)) {
                Files.createFile(node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make or remove " + node, e);
        }
    }

    private static String text(ByteBuffer from, int at) {
        int to = at;
        while (from.get(to) != 0) {
            to++;
        }
        byte[] text = new byte[to - at];
        from.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
