package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.login.KeyNames;
import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.RequestNumbers;
import io.sluice.iscsi.pdu.TextRequest;
import io.sluice.iscsi.pdu.TextResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Asks a portal which targets it serves to this initiator (SendTargets, RFC 7143 Appendix C). */
public final class Discovery {
    /** Some thousands of targets; a longer answer is refused. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    /** A target and the addresses ({@code host:port,portal-group}) it names; none means the portal that was asked. */
    public record DiscoveredTarget(String name, List<String> addresses) {
        public DiscoveredTarget {
            addresses = List.copyOf(addresses);
        }
    }

    private Discovery() {}

    /**
     * Logs in for discovery, asks, and logs out again.
     *
     * @throws LoginRefusedException when the portal refuses the login
     * @throws BlockDeviceException when it cannot be reached or does not answer sensibly
     */
    public static List<DiscoveredTarget> sendTargets(String host, int port, InitiatorOptions options) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Isid isid = Isid.random(random.nextInt(), random.nextInt());
        Login login = new Login(host, port, new LoginExchange.Wish(null, options, isid));
        Login.LoggedIn loggedIn = login.run();
        try (Wire wire = loggedIn.wire()) {
            return targets(ask(wire, loggedIn.result()));
        } catch (IOException e) {
            throw new BlockDeviceException(
                    "cannot ask %s port %d for its targets: %s".formatted(host, port, e.getMessage()), true, e);
        }
    }

    private static TextKeys ask(Wire wire, LoginExchange.Step.LoggedIn login) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ByteBuffer question = TextKeys.EMPTY.with(KeyNames.SEND_TARGETS, "All").encode();
        int transferTag = Pdu.RESERVED_TAG;
        int statSn = login.nextStatSn();
        for (int cmdSn = Session.FIRST_CMD_SN; ; cmdSn++) {
            wire.send(new TextRequest(
                    false, true, false, 0, cmdSn, transferTag, new RequestNumbers(cmdSn, statSn), question));
            wire.flush();
            if (!(wire.receive() instanceof TextResponse response)) {
                throw new IOException("the answer to SendTargets is no text");
            }
            byte[] piece = new byte[response.data().remaining()];
            response.data().duplicate().get(piece);
            text.writeBytes(piece);
            if (text.size() > MAX_TEXT_BYTES) {
                throw new IOException("the answer to SendTargets is longer than " + MAX_TEXT_BYTES + " bytes");
            }
            if (response.last()) {
                break;
            }
            transferTag = response.transferTag();
            statSn = response.numbers().statSn() + 1;
            question = Pdu.NO_DATA;
        }
        return switch (TextKeys.parse(ByteBuffer.wrap(text.toByteArray()))) {
            case TextKeys.Parsed.Text keys -> keys.keys();
            case TextKeys.Parsed.Malformed malformed -> throw new IOException(malformed.detail());
        };
    }

    private static List<DiscoveredTarget> targets(TextKeys keys) {
        List<DiscoveredTarget> targets = new ArrayList<>();
        String name = null;
        List<String> addresses = new ArrayList<>();
        for (TextKeys.Pair pair : keys.pairs()) {
            if (pair.name().equals(KeyNames.TARGET_NAME)) {
                if (name != null) {
                    targets.add(new DiscoveredTarget(name, addresses));
                }
                name = pair.value();
                addresses = new ArrayList<>();
            } else if (pair.name().equals(KeyNames.TARGET_ADDRESS)) {
                addresses.add(pair.value());
            }
        }
        if (name != null) {
            targets.add(new DiscoveredTarget(name, addresses));
        }
        return targets;
    }
}
