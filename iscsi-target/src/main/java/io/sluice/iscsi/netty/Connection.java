package io.sluice.iscsi.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.sluice.iscsi.login.LoginLimits;
import io.sluice.iscsi.login.LoginMachine;
import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.LoginState;
import io.sluice.iscsi.login.LoginStep;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.Decoded;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginStatus;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: takes PDUs out of its bytes and gives them to the login, later to the session. On its event loop only. */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Portal portal;
    private final InetSocketAddress peer;
    private final PduWriter writer;
    private final PduDecoder decoder = new PduDecoder(PduLimits.dataSegment(PduLimits.DEFAULT_DATA_SEGMENT_BYTES));
    private final LoginMachine loginMachine;
    private LoginState loginState = LoginState.Connected.FIRST;
    private @Nullable Future<?> loginTime;
    private @Nullable TargetSession session;
    private boolean over;

    Connection(Portal portal, InetSocketAddress peer, PduWriter writer) {
        this.portal = portal;
        this.peer = peer;
        this.writer = writer;
        LoginLimits limits =
                new LoginLimits(portal.limits().textBytes(), portal.limits().commandWindow());
        loginMachine = new LoginMachine(
                portal.targets(),
                portal.nonces(),
                portal.offer(),
                limits,
                portal.admittance().nextTsih());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long millis = portal.limits().login().toMillis();
        loginTime = context.executor()
                .schedule(
                        () -> {
                            portal.log()
                                    .info(peer.getAddress())
                                    .addKeyValue("peer", peer)
                                    .log("login took too long");
                            end(context);
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            ByteBuffer input = bytes.nioBuffer();
            while (!over) {
                switch (decoder.next(input)) {
                    case Decoded.Incomplete ignored -> {
                        return;
                    }
                    case Decoded.Complete complete -> received(context, complete.pdu());
                    case Decoded.Broken broken -> broken(context, broken);
                }
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        writer.flush();
    }

    private void received(ChannelHandlerContext context, Pdu pdu) {
        TargetSession current = session;
        if (current != null) {
            current.received(pdu);
            over = current.over();
        } else if (pdu instanceof LoginRequest request) {
            login(context, request);
        } else {
            portal.log()
                    .info(peer.getAddress())
                    .addKeyValue("peer", peer)
                    .log("closing: no login request where one was expected");
            end(context);
        }
    }

    private void login(ChannelHandlerContext context, LoginRequest request) {
        switch (loginMachine.step(loginState, request)) {
            case LoginStep.Continued continued -> {
                loginState = continued.state();
                writer.write(continued.response());
            }
            case LoginStep.Refused refused -> refused(refused);
            case LoginStep.Complete complete -> complete(context, complete);
        }
    }

    private void refused(LoginStep.Refused refused) {
        portal.log()
                .info(peer.getAddress())
                .addKeyValue("peer", peer)
                .addKeyValue("status", refused.response().status())
                .addKeyValue("reason", refused.reason())
                .log("login refused");
        writer.write(refused.response());
        over = true;
        writer.flushAndClose();
    }

    private void complete(ChannelHandlerContext context, LoginStep.Complete complete) {
        LoginResult login = complete.result();
        String name = login.peer().target();
        ServedTarget target = name == null ? null : portal.targets().find(name);
        TargetSession begun = new TargetSession(context.channel(), peer, portal, login, target, writer);
        if (name != null && (target == null || !target.add(login, begun))) {
            refused(complete.refused(
                    login.peer().tsih() == 0 ? LoginStatus.TARGET_REMOVED : LoginStatus.SESSION_DOES_NOT_EXIST));
            return;
        }
        cancelLoginTime();
        writer.write(complete.response());
        SessionParameters parameters = login.parameters();
        writer.negotiated(parameters.digests());
        decoder.negotiated(parameters.digests(), parameters.targetSegmentBytes());
        session = begun;
        begun.begin();
        portal.log()
                .info(peer.getAddress())
                .addKeyValue("peer", peer)
                .addKeyValue("initiator", login.peer().initiator())
                .addKeyValue("target", name == null ? "(discovery)" : name)
                .log("logged in");
    }

    private void broken(ChannelHandlerContext context, Decoded.Broken broken) {
        portal.log()
                .warn(peer.getAddress())
                .addKeyValue("peer", peer)
                .addKeyValue("reason", broken.reason())
                .addKeyValue("detail", broken.detail())
                .log("closing: the stream is broken");
        TargetSession current = session;
        if (current != null && broken.reason() == Decoded.Reason.DATA_DIGEST) {
            over = true;
            current.corrupted(broken.header());
        } else {
            end(context);
        }
    }

    private void end(ChannelHandlerContext context) {
        over = true;
        ChannelFuture ignored = context.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // Data is bounded by the session's buffer, which lies below the mark: only answers that nobody reads get here.
        context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        cancelLoginTime();
        TargetSession current = session;
        if (current != null) {
            current.disconnected();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            portal.log()
                    .info(peer.getAddress())
                    .addKeyValue("peer", peer)
                    .addKeyValue("cause", String.valueOf(cause.getMessage()))
                    .log("connection lost");
        } else {
            LOG.atError().addKeyValue("peer", peer).setCause(cause).log("closing: this is a bug");
        }
        end(context);
    }

    private void cancelLoginTime() {
        Future<?> pending = loginTime;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
