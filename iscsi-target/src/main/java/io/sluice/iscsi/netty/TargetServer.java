package io.sluice.iscsi.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.login.TargetOffer;
import io.sluice.iscsi.pace.Pacer;
import io.sluice.iscsi.pace.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * An iSCSI target server: one portal on one address, as many targets as wanted, which come and go while it runs. All methods may be
 * called from any thread but an event loop, and those that say so wait.
 */
public final class TargetServer implements AutoCloseable {

    /** Event loops only move bytes; more of them than this gained nothing. */
    private static final int MAX_EVENT_LOOPS = 4;

    private static final int BACKLOG = 128;
    /** Above what a session's data may take: room for answers without data. */
    private static final int ANSWER_BYTES = 1 << 20;

    private record Threads(EventLoopGroup loops, CommandThreads commands, ExecutorService waiting) {
        void close() {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            waiting.shutdown();
            commands.close();
        }
    }

    private final Threads threads;
    private final Pacer pacer;
    private final Portal portal;
    private final Targets targets;
    private final Channel listening;

    private TargetServer(Threads threads, Pacer pacer, Portal portal, Channel listening) {
        this.threads = threads;
        this.pacer = pacer;
        this.portal = portal;
        this.targets = portal.targets();
        this.listening = listening;
    }

    /** Listens; serves nothing yet. */
    public static TargetServer start(TargetServerConfig config) {
        return start(config, Transport.best());
    }

    static TargetServer start(TargetServerConfig config, Transport transport) {
        Limits limits = config.limits();
        Pacer pacer = new Pacer();
        Targets targets = new Targets(
                pacer, config.reservations(), limits.sessionsPerTarget(), limits.patience(), limits.quiesce());
        CommandThreads commands = new CommandThreads();
        ExecutorService waiting = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("iscsi-waiting-", 0).factory());
        SecureRandom random = new SecureRandom();
        Portal portal = new Portal(
                targets,
                limits,
                TargetOffer.DEFAULT,
                count -> {
                    byte[] bytes = new byte[count];
                    random.nextBytes(bytes);
                    return bytes;
                },
                commands,
                waiting,
                new Admittance(limits),
                new DataMemory(limits.bufferBytes(), limits.transferBytes()),
                new PeerLog(LoggerFactory.getLogger(TargetServer.class), System::nanoTime));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()),
                new DefaultThreadFactory("iscsi-target", true),
                transport.handlers());
        int high = Math.toIntExact(limits.sessionBufferBytes() + ANSWER_BYTES);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(transport.listening())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // the adaptive one makes and zeroes new chunks all the time under this load
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(portal, channel);
                    }
                })
                .bind(config.bind())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            new Threads(loops, commands, waiting).close();
            pacer.close();
            throw new UncheckedIOException(new IOException(
                    "cannot listen on " + config.bind() + " (is the address this host's, and the port free?)",
                    bound.cause()));
        }
        return new TargetServer(new Threads(loops, commands, waiting), pacer, portal, bound.channel());
    }

    private static void accept(Portal portal, SocketChannel channel) {
        InetSocketAddress peer = channel.remoteAddress();
        if (peer == null) {
            ChannelFuture ignored = channel.close(); // gone before it was accepted
            return;
        }
        InetAddress address = peer.getAddress();
        if (!portal.admittance().come(address)) {
            ChannelFuture ignored = channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> portal.admittance().gone(address));
        channel.pipeline().addLast(new Connection(portal, peer, new PduWriter(channel)));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /**
     * Serves a target from now on. One of the same name is replaced, as {@link #withdraw} does it, unless the definition is the
     * same; one that differs in the rate alone only gets the new rate.
     */
    public void serve(TargetDefinition definition) {
        targets.serve(definition);
    }

    /**
     * Ends a target: closes its sessions and returns when none of its commands is on a disk any more. Does not close its devices.
     * An unknown name is harmless.
     *
     * @throws TargetBusyException when commands are on a disk after {@link Limits#quiesce()}; its sessions are closed then, and
     *     withdrawing it again goes on waiting
     */
    public void withdraw(String targetName) {
        targets.withdraw(targetName);
    }

    /**
     * Puts another device of the same size behind a LUN, under live sessions: returns when no command is on the old one any more.
     * Commands that come meanwhile wait and then go to the new one. Does not close the old device.
     *
     * @throws TargetBusyException when commands are on the old one after {@link Limits#quiesce()}; nothing has changed then
     */
    public void swap(String targetName, int lun, BlockDevice device) {
        targets.swap(targetName, lun, device);
    }

    /** Changes a target's ceiling at once. */
    public void limit(String targetName, Rate rate) {
        targets.limit(targetName, rate);
    }

    /** Changes the ceiling of all targets together at once; there is none at first. Sessions share it fairly. */
    public void limitAll(Rate rate) {
        pacer.change(rate);
    }

    /** The targets served, by name. */
    public List<TargetStatus> status() {
        return targets.status();
    }

    /**
     * What peers hold of the server now.
     *
     * @param dataBytes of {@link Limits#bufferBytes()}
     */
    record Held(int connections, long dataBytes) {}

    Held held() {
        return new Held(portal.admittance().connections(), portal.memory().used());
    }

    /** Withdraws all targets and stops listening; a command that hangs on a disk is left behind. Harmless when repeated. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        targets.withdrawAll();
        threads.close();
        pacer.close();
    }
}
