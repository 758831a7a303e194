package io.sluice.iscsi.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.OpenSession;
import io.sluice.iscsi.pace.Pacer;
import io.sluice.iscsi.pdu.DataOut;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.scsi.LogicalUnitServer;
import io.sluice.iscsi.scsi.Nexus;
import io.sluice.iscsi.session.DiscoveredTarget;
import io.sluice.iscsi.session.SessionInput;
import io.sluice.iscsi.session.SessionLimits;
import io.sluice.iscsi.session.SessionMachine;
import io.sluice.iscsi.session.SessionOutput;
import io.sluice.iscsi.session.SessionState;
import io.sluice.iscsi.session.SessionStep;
import io.sluice.iscsi.session.TaskId;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session on its connection: feeds the machine and does what it says. On the event loop unless a method says otherwise. */
final class TargetSession {

    private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

    /** For commands of sessions before: less than the 10 s in which Linux wants an answer while it recovers a unit. */
    private static final Duration EARLIER_PATIENCE = Duration.ofSeconds(5);

    private final Channel channel;
    private final InetSocketAddress peer;
    private final Portal portal;
    private final LoginResult login;
    private final @Nullable ServedTarget target;
    /** Null for a discovery session, as the target is. */
    private final Pacer.@Nullable Flow flow;

    private final PduWriter writer;
    private final SessionMachine machine;
    private final DataMemory.Share memory;
    private final InFlight inFlight = new InFlight();
    /** Buffers of read data until it has left. */
    private final Map<TaskId, ByteBuf> buffers = new HashMap<>();

    private final Queue<SessionInput> inputs = new ArrayDeque<>();

    private volatile SessionState state;
    private volatile List<InFlight> before = List.of();
    /** Set where there is a target. */
    private volatile @Nullable Nexus nexus;

    private @Nullable Future<?> supervision;
    private boolean stepping;
    /** Data-Out PDUs that came; by supervision it is seen whether any do. */
    private long transfers;

    private long transfersSeen;
    private long awaitedNanos;
    private long unsentBytes;
    private long stalledNanos;

    TargetSession(
            Channel channel,
            InetSocketAddress peer,
            Portal portal,
            LoginResult login,
            @Nullable ServedTarget target,
            PduWriter writer) {
        this.channel = channel;
        this.peer = peer;
        this.portal = portal;
        this.login = login;
        this.target = target;
        this.flow = target == null ? null : target.share().flow();
        this.writer = writer;
        Limits limits = portal.limits();
        machine = new SessionMachine(
                login.peer(),
                target == null ? 0 : target.definition().luns().size(),
                new SessionLimits(limits.commandWindow(), limits.sessionBufferBytes(), limits.transferBytes()),
                this::visibleTo);
        state = SessionState.begun(login);
        memory = portal.memory().share(bytes -> onLoop(new SessionInput.Granted(bytes)));
    }

    String initiator() {
        return login.peer().initiator();
    }

    /** From any thread. */
    OpenSession open() {
        return new OpenSession(login.tsih(), login.peer().connectionId());
    }

    /** From any thread. */
    InFlight inFlight() {
        return inFlight;
    }

    /** Commands are the nexus's, and wait for the earlier ones to be idle. Before {@link #begin}. */
    void join(Nexus established, List<InFlight> earlier) {
        nexus = established;
        before = earlier;
    }

    /** From any thread; harmless when repeated. */
    void leave(LogicalUnitServer units) {
        Nexus over = nexus;
        if (over != null) {
            units.lose(over);
        }
    }

    /** From any thread: what does not run yet is not to run any more. */
    void abortCommands(int lun) {
        onLoop(new SessionInput.AbortedElsewhere(lun));
    }

    private void onLoop(SessionInput input) {
        try {
            channel.eventLoop().execute(() -> {
                step(input);
                writer.flush();
            });
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("input dropped, the server is closed", shutDown);
        }
    }

    /** From any thread. */
    SessionStatus status() {
        return new SessionStatus(initiator(), peer, state.commands());
    }

    void begin() {
        long nanos = portal.limits().supervision().toNanos();
        supervision = channel.eventLoop().scheduleWithFixedDelay(this::supervise, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    boolean over() {
        return state.closed();
    }

    /** Its data is not what was sent. */
    void corrupted(ByteBuffer header) {
        step(new SessionInput.Corrupted(header));
    }

    void received(Pdu pdu) {
        transfers += pdu instanceof DataOut ? 1 : 0;
        step(new SessionInput.Received(pdu));
    }

    /** From any thread: no command of this session gets to a disk after this. */
    void close(String reason) {
        endCommands();
        portal.log()
                .info(peer.getAddress())
                .addKeyValue("initiator", initiator())
                .addKeyValue("reason", reason)
                .log("closing session");
        ChannelFuture ignored = channel.close();
    }

    void disconnected() {
        endCommands();
        memory.leave();
        step(new SessionInput.Lost());
        Future<?> timer = supervision;
        if (timer != null) {
            timer.cancel(false);
        }
        if (target != null) {
            target.remove(this);
        }
    }

    /** A write that is done at once gives the next input while outputs are still being worked off: that input waits. */
    private void step(SessionInput input) {
        inputs.add(input);
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            for (SessionInput next = inputs.poll(); next != null; next = inputs.poll()) {
                SessionStep step = machine.step(state, next);
                state = step.state();
                step.outputs().forEach(this::perform);
            }
        } catch (RuntimeException bug) {
            LOG.atError().addKeyValue("initiator", initiator()).setCause(bug).log("a session failed: this is a bug");
            close("internal error");
        } finally {
            stepping = false;
        }
    }

    private void perform(SessionOutput output) {
        switch (output) {
            case SessionOutput.Send send -> writer.write(send.pdu());
            case SessionOutput.Execute execute -> execute(execute.task(), execute.command());
            case SessionOutput.Reset reset -> reset(reset);
            case SessionOutput.Want want -> {
                if (memory.want(want.bytes())) {
                    step(new SessionInput.Granted(want.bytes()));
                }
            }
            case SessionOutput.GiveBack surplus -> memory.giveBack(surplus.bytes());
            case SessionOutput.Finished finished -> finished(finished.task());
            case SessionOutput.Close close -> end(close.reason());
        }
    }

    private void execute(TaskId task, SessionOutput.Command command) {
        ServedTarget served = target;
        Pacer.Flow commandFlow = flow;
        Nexus own = nexus;
        if (served == null || commandFlow == null || own == null) {
            throw new IllegalStateException("a discovery session has no commands");
        }
        CommandRun run = new CommandRun(
                served, own, command, commandFlow, inFlight, portal.limits().transferBytes());
        CommandRun.Result now = earlierCommandsOver() ? run.runNow(channel.alloc()) : null;
        if (now != null) {
            executed(task, now);
            return;
        }
        List<InFlight> earlier = before;
        if (earlier.isEmpty() && commandFlow.free()) {
            portal.commands().execute(() -> ended(task, run.run(channel.alloc())));
            return;
        }
        portal.waiting().execute(() -> {
            boolean alone = earlier.stream().allMatch(before -> before.awaitChanges(EARLIER_PATIENCE));
            if (alone && run.pass()) {
                portal.commands().execute(() -> ended(task, run.run(channel.alloc())));
            } else {
                ended(task, CommandRun.busy());
            }
        });
    }

    /** From any thread. */
    private void ended(TaskId task, CommandRun.Result result) {
        try {
            channel.eventLoop().execute(() -> {
                executed(task, result);
                writer.flushSoon();
            });
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("result dropped, the server is closed", shutDown);
            release(result.buffer());
        }
    }

    private boolean earlierCommandsOver() {
        if (!before.isEmpty() && before.stream().allMatch(earlier -> earlier.closed() && earlier.changesNothing())) {
            before = List.of(); // none of them changes a disk again
        }
        return before.isEmpty();
    }

    /** Waits for writes on a disk, of any session. */
    private void reset(SessionOutput.Reset reset) {
        ServedTarget served = target;
        Nexus own = nexus;
        if (served == null || own == null) {
            throw new IllegalStateException("a discovery session has no units");
        }
        portal.waiting().execute(() -> {
            switch (reset.function()) {
                case CLEAR_TASK_SET -> served.server().clear(own, reset.lun());
                case LOGICAL_UNIT_RESET -> served.server().reset(own, reset.lun());
                case TARGET_WARM_RESET -> served.server().resetAll(own);
                case TARGET_COLD_RESET -> {
                    served.server().resetAll(own);
                    served.closeAllBut(this);
                }
                case ABORT_TASK, ABORT_TASK_SET, CLEAR_ACA, TASK_REASSIGN ->
                    throw new IllegalStateException(reset.function() + " reaches no other session");
            }
            onLoop(new SessionInput.ResetDone(reset.taskTag(), reset.function()));
        });
    }

    private void executed(TaskId task, CommandRun.Result result) {
        ByteBuf buffer = result.buffer();
        if (buffer != null) {
            buffers.put(task, buffer);
        }
        step(new SessionInput.Executed(task, result.outcome()));
    }

    private void finished(TaskId task) {
        ByteBuf buffer = buffers.remove(task);
        writer.whenSent(() -> {
            release(buffer);
            step(new SessionInput.Delivered(task));
            if (portal.memory().pressed()) {
                step(new SessionInput.Reclaim());
            }
            writer.flushSoon();
        });
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    /** None gets to the disk after this. From any thread. */
    private void endCommands() {
        inFlight.close();
        Pacer.Flow ended = flow;
        if (ended != null) {
            ended.end();
        }
    }

    private void end(String reason) {
        portal.log()
                .info(peer.getAddress())
                .addKeyValue("initiator", initiator())
                .addKeyValue("reason", reason)
                .log("session ends");
        endCommands();
        writer.flushAndClose();
    }

    /**
     * A peer that takes what is sent is there; one that takes nothing, or does not send the data of its writes, is dropped in the
     * end, for it holds memory; a silent one is pinged.
     */
    private void supervise() {
        long interval = portal.limits().supervision().toNanos();
        long limit = portal.limits().stall().toNanos();
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        long unsent = outbound == null ? 0 : outbound.totalPendingWriteBytes();
        stalledNanos = unsent > 0 && unsent == unsentBytes ? stalledNanos + interval : 0;
        unsentBytes = unsent;
        awaitedNanos = state.awaitsData() && transfers == transfersSeen ? awaitedNanos + interval : 0;
        transfersSeen = transfers;
        if (stalledNanos >= limit) {
            close("the initiator takes nothing of what is sent");
        } else if (awaitedNanos >= limit) {
            close("the initiator does not send the data of its writes");
        } else if (unsent == 0) {
            step(new SessionInput.Tick());
            writer.flush();
        }
    }

    private List<DiscoveredTarget> visibleTo(String initiator) {
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        String host = local.getAddress().getHostAddress();
        String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + local.getPort() + ",1";
        return portal.targets().visibleTo(initiator, login.proven()).stream()
                .map(name -> new DiscoveredTarget(name, address))
                .toList();
    }
}
