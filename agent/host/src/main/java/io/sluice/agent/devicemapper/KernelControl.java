package io.sluice.agent.devicemapper;

import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.devicemapper.BoundedCalls.Turn;
import io.sluice.agent.devicemapper.ControlCall.Request;
import io.sluice.agent.devicemapper.DeviceOperation.Await;
import io.sluice.agent.devicemapper.DeviceOperation.Clear;
import io.sluice.agent.devicemapper.DeviceOperation.Create;
import io.sluice.agent.devicemapper.DeviceOperation.Events;
import io.sluice.agent.devicemapper.DeviceOperation.Info;
import io.sluice.agent.devicemapper.DeviceOperation.Load;
import io.sluice.agent.devicemapper.DeviceOperation.Message;
import io.sluice.agent.devicemapper.DeviceOperation.Remove;
import io.sluice.agent.devicemapper.DeviceOperation.Resume;
import io.sluice.agent.devicemapper.DeviceOperation.StatusOf;
import io.sluice.agent.devicemapper.DeviceOperation.Suspend;
import io.sluice.agent.devicemapper.DeviceOperation.TableOf;
import io.sluice.agent.devicemapper.DeviceOperation.Targets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operations by the kernel's own interface, {@code /dev/mapper/control} (linux/dm-ioctl.h): a process for each would cost more than
 * the operation, a second in which a workload waits. A call that hangs is left to its thread, and undone when it comes back.
 */
final class KernelControl implements DeviceControl {
    private static final Logger log = LoggerFactory.getLogger(KernelControl.class);

    /** As {@code dmsetup remove --retry} does: a scanner that has just looked at a device lets go of it soon. */
    private static final int REMOVALS = 25;

    private static final Duration REMOVE_PAUSE = Duration.ofMillis(200);

    private static final int EBUSY = 16;

    private final ControlFile control;
    private final DeviceNodes nodes;
    private final Dmsetup waits;
    private final BoundedCalls calls = new BoundedCalls();

    /** @param waits does what would hold a thread for long: a process can be ended */
    KernelControl(ControlFile control, DeviceNodes nodes, Dmsetup waits) {
        this.control = control;
        this.nodes = nodes;
        this.waits = waits;
    }

    @Override
    public CommandResult run(DeviceOperation operation, Duration limit) {
        if (operation instanceof Await) {
            return waits.run(operation, limit);
        }
        return calls.run(turn(operation), () -> attempt(operation), () -> undo(operation), limit);
    }

    private CommandResult attempt(DeviceOperation operation) {
        try {
            return new Exited(0, perform(operation), "");
        } catch (ControlCall.RefusedException e) {
            return new Exited(1, "", String.valueOf(e.getMessage()));
        }
    }

    /** Those that are undone have one turn. A resume has its own: it may be what lets a suspend that hangs come back. */
    private static @Nullable Turn turn(DeviceOperation operation) {
        return switch (operation) {
            case Create create -> new Turn(create.name(), "change");
            case Load load -> new Turn(load.name(), "change");
            case Suspend suspend -> new Turn(suspend.name(), "change");
            case Resume resume -> new Turn(resume.name(), "resume");
            case Info info -> null;
            case Events events -> null;
            case TableOf table -> null;
            case StatusOf status -> null;
            case Clear clear -> null;
            case Remove remove -> null;
            case Message message -> null;
            case Await await -> null;
            case Targets targets -> null;
        };
    }

    /** Who asked went on as if it had failed. */
    private void undo(DeviceOperation operation) {
        switch (operation) {
            case Create create -> undone(create, tryToRemove(create.name()));
            case Load load -> undone(load, control(Request.CLEAR, ControlCall.of(load.name())));
            case Suspend suspend ->
                undone(
                        suspend,
                        control(Request.SUSPEND, ControlCall.of(suspend.name()).fromUs()));
            case Info info -> {}
            case Events events -> {}
            case TableOf table -> {}
            case StatusOf status -> {}
            case Clear clear -> {}
            case Remove remove -> {}
            case Message message -> {}
            case Await await -> {}
            case Targets targets -> {}
            case Resume resume -> {}
        }
    }

    private static void undone(DeviceOperation operation, int errno) {
        log.warn(
                "the kernel did an operation after its limit, it is undone operation=\"{}\" errno={}",
                String.join(" ", operation.words()),
                errno);
    }

    private String perform(DeviceOperation operation) {
        return switch (operation) {
            case Info info -> call(Request.STATUS, ControlCall.of(info.name())).info();
            case Events events ->
                Long.toString(
                        call(Request.STATUS, ControlCall.of(events.name())).events());
            case TableOf table ->
                call(Request.TABLE, ControlCall.of(table.name()).flags(ControlCall.STATUS_TABLE))
                        .lines();
            case StatusOf status ->
                call(Request.TABLE, ControlCall.of(status.name()).flags(ControlCall.NO_FLUSH))
                        .lines();
            case Create create -> create(create);
            case Load load -> load(load.name(), load.table(), load.readOnly());
            case Clear clear -> done(Request.CLEAR, ControlCall.of(clear.name()));
            case Suspend suspend ->
                done(
                        Request.SUSPEND,
                        ControlCall.of(suspend.name())
                                .flags(ControlCall.SUSPENDED
                                        | (suspend.keepingBack()
                                                ? ControlCall.NO_FLUSH | ControlCall.SKIP_LOCK_FS
                                                : 0)));
            case Resume resume -> resume(resume.name());
            case Remove remove -> remove(remove.name());
            case Message message ->
                done(Request.MESSAGE, ControlCall.of(message.name()).message(String.join(" ", message.message())));
            case Targets targets -> call(Request.VERSIONS, ControlCall.ofAll()).versions();
            case Await await -> throw new IllegalStateException("a wait is not run here: " + await);
        };
    }

    private String create(Create create) {
        DeviceName name = create.name();
        int readOnly = create.readOnly() ? ControlCall.READ_ONLY : 0;
        done(Request.CREATE, ControlCall.of(name).uuid(name.uuid()).flags(readOnly));
        if (create.table() == null) {
            return "";
        }
        boolean made = false;
        try {
            load(name, create.table(), create.readOnly());
            resume(name);
            made = true;
        } finally {
            if (!made) {
                // who asked finds things as they were; the failure itself is on its way to him
                tryToRemove(name);
            }
        }
        return "";
    }

    /** 0 or the errno. */
    private int tryToRemove(DeviceName name) {
        int errno = control(Request.REMOVE, ControlCall.of(name).fromUs());
        if (errno == 0) {
            nodes.remove(name);
        }
        return errno;
    }

    /**
     * The kernel has the node of a device from its first table on, at the latest (dm_setup_md_queue). It is named before a table comes
     * into force: so whatever is in force can be found, whenever the agent ends.
     */
    private String load(DeviceName name, Table table, boolean readOnly) {
        int flags = readOnly ? ControlCall.READ_ONLY : 0;
        ControlCall.Answer answer =
                call(Request.LOAD, ControlCall.of(name).flags(flags).table(table));
        nodes.make(name, answer.minor());
        return "";
    }

    private String resume(DeviceName name) {
        ControlCall.Answer answer = call(Request.SUSPEND, ControlCall.of(name).fromUs());
        nodes.make(name, answer.minor());
        return "";
    }

    private String remove(DeviceName name) {
        for (int attempt = 1; ; attempt++) {
            int errno = tryToRemove(name);
            if (errno == 0) {
                return "";
            }
            if (errno != EBUSY || attempt == REMOVALS) {
                throw new ControlCall.RefusedException(Request.REMOVE, errno);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(REMOVE_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlCall.RefusedException(Request.REMOVE, EBUSY);
        }
    }

    private String done(Request request, ControlCall call) {
        call(request, call);
        return "";
    }

    private int control(Request request, ControlCall call) {
        return call.make(control, request);
    }

    private ControlCall.Answer call(Request request, ControlCall call) {
        int errno = call.make(control, request);
        if (errno != 0) {
            throw new ControlCall.RefusedException(request, errno);
        }
        return call.answer();
    }

    /** Null when the kernel cannot be talked to in this way: there is no such file, or nobody but the kernel to make nodes. */
    static @Nullable KernelControl open(Path control, DeviceNodes nodes, Dmsetup waits) {
        if (!nodes.areMadeByTheKernel()) {
            return null;
        }
        KernelControlFile file = KernelControlFile.open(control);
        return file == null ? null : new KernelControl(file, nodes, waits);
    }
}
