package io.sluice.iscsi.netty;

import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.CommandResponse;
import io.sluice.iscsi.pdu.Decoded;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.PduLimits;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.scsi.CdbEncoder;
import io.sluice.iscsi.scsi.ScsiCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An initiator that does exactly what a test says, PDU by PDU. */
final class RawInitiator implements AutoCloseable {

    static final int BLOCK = 512;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private PduEncoder encoder = new PduEncoder(Digests.NONE);
    private final PduDecoder decoder = new PduDecoder(PduLimits.dataSegment(1 << 20));
    private int cmdSn = 1;
    private int tsih;

    RawInitiator(InetSocketAddress address) throws IOException {
        socket.setReceiveBufferSize(64 << 10); // small, so that one who does not read is soon felt
        socket.connect(address);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    /** Logged in, and has heard what the unit had to say first. */
    static RawInitiator loggedIn(InetSocketAddress address, String target, Isid isid) throws IOException {
        RawInitiator initiator = newcomer(address, target, isid);
        ByteBuffer testUnitReady = ByteBuffer.allocate(16);
        CommandFlags immediate = new CommandFlags(true, true, false, false, 1);
        initiator.send(new CommandRequest(
                immediate, 0, 0x7777, 0, new RequestNumbers(initiator.cmdSn, 0), testUnitReady, Pdu.NO_DATA));
        if (initiator.receive() instanceof CommandResponse) {
            return initiator;
        }
        throw new IOException("the unit does not answer");
    }

    /** Logged in; the first command will be answered with a unit attention. */
    static RawInitiator newcomer(InetSocketAddress address, String target, Isid isid) throws IOException {
        RawInitiator initiator = new RawInitiator(address);
        LoginResponse response = initiator.login("iqn.x:raw", target, isid);
        if (!response.status().success()) {
            throw new IOException("login refused: " + response.status());
        }
        return initiator;
    }

    /** Goes on with the session of another connection, whose next CmdSN it continues. */
    static RawInitiator takingOver(InetSocketAddress address, String target, Isid isid, RawInitiator from)
            throws IOException {
        RawInitiator initiator = new RawInitiator(address);
        initiator.cmdSn = from.cmdSn;
        LoginResponse response = initiator.login("iqn.x:raw", target, isid, from.tsih);
        if (!response.status().success() || response.tsih() != from.tsih) {
            throw new IOException("login refused: " + response.status());
        }
        return initiator;
    }

    LoginResponse login(String name, String target, Isid isid) throws IOException {
        return login(name, target, isid, 0);
    }

    private LoginResponse login(String name, String target, Isid isid, int goingOn) throws IOException {
        TextKeys keys = TextKeys.EMPTY
                .with("InitiatorName", name)
                .with("TargetName", target)
                .with("InitialR2T", "No")
                .with("MaxRecvDataSegmentLength", "1048576");
        LoginFlags flags = LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE);
        send(new LoginRequest(flags, 0, 0, isid, goingOn, 1, 0, new RequestNumbers(cmdSn, 0), keys.encode()));
        if (receive() instanceof LoginResponse response) {
            tsih = response.tsih();
            return response;
        }
        throw new IOException("no login response");
    }

    /** A login in one exchange that negotiates digests, which hold from then on. */
    void loginWith(Digests digests, String target) throws IOException {
        TextKeys keys = TextKeys.EMPTY
                .with("InitiatorName", "iqn.x:raw")
                .with("TargetName", target)
                .with("HeaderDigest", digests.header() ? "CRC32C" : "None")
                .with("DataDigest", digests.data() ? "CRC32C" : "None");
        LoginFlags flags = LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE);
        send(new LoginRequest(flags, 0, 0, new Isid(9), 0, 1, 0, new RequestNumbers(cmdSn, 0), keys.encode()));
        if (!(receive() instanceof LoginResponse response) || !response.status().success()) {
            throw new IOException("login refused");
        }
        encoder = new PduEncoder(digests);
        decoder.negotiated(digests, 1 << 20);
    }

    /** A PDU with one bit changed on its way. */
    void sendCorrupt(Pdu pdu, int at) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer part : encoder.encode(pdu).buffers()) {
            byte[] copy = new byte[part.remaining()];
            part.duplicate().get(copy);
            bytes.write(copy);
        }
        byte[] all = bytes.toByteArray();
        all[at] ^= 1;
        socket.getOutputStream().write(all);
    }

    /** Ends the connection without a word: with a reset. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void send(Pdu pdu) throws IOException {
        OutputStream out = socket.getOutputStream();
        for (ByteBuffer part : encoder.encode(pdu).buffers()) {
            byte[] bytes = new byte[part.remaining()];
            part.duplicate().get(bytes);
            out.write(bytes);
        }
    }

    void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next PDU, null at the end of the connection. */
    @Nullable
    Pdu receive() throws IOException {
        while (true) {
            switch (decoder.next(Pdu.NO_DATA.duplicate())) {
                case Decoded.Complete complete -> {
                    return complete.pdu();
                }
                case Decoded.Broken broken -> throw new IOException(broken.detail());
                case Decoded.Incomplete ignored -> {
                    ByteBuffer space = decoder.space();
                    int count = read(space);
                    if (count < 0) {
                        return null;
                    }
                    space.position(space.position() + count);
                }
            }
        }
    }

    private int read(ByteBuffer space) throws IOException {
        try {
            return socket.getInputStream()
                    .read(space.array(), space.arrayOffset() + space.position(), space.remaining());
        } catch (SocketException reset) {
            return -1;
        }
    }

    void read(int tag, long lba, int blocks) throws IOException {
        command(tag, new ScsiCommand.Read(lba, blocks, false), CommandFlags.READ, (long) blocks * BLOCK, Pdu.NO_DATA);
    }

    void write(int tag, long lba, byte[] data) throws IOException {
        ScsiCommand.Write write = new ScsiCommand.Write(lba, data.length / BLOCK, false);
        command(tag, write, CommandFlags.WRITE, data.length, ByteBuffer.wrap(data));
    }

    private void command(int tag, ScsiCommand command, CommandFlags flags, long expected, ByteBuffer data)
            throws IOException {
        byte[] cdb = CdbEncoder.encode(command);
        ByteBuffer padded = ByteBuffer.allocate(16).put(0, cdb);
        send(new CommandRequest(flags, 0, tag, expected, new RequestNumbers(cmdSn++, 0), padded, data));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
