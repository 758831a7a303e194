package io.sluice.iscsi.session;

import io.sluice.iscsi.login.KeyNames;
import io.sluice.iscsi.login.Peer;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.login.Text;
import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.Reject;
import io.sluice.iscsi.pdu.TextRequest;
import io.sluice.iscsi.pdu.TextResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text requests of the full feature phase (RFC 7143 §11.10): SendTargets, and a new MaxRecvDataSegmentLength. */
final class TextExchange {

    /** No lawful question is longer. */
    private static final int MAX_QUESTION = 16384;

    private static final int MIN_SEGMENT = 512;
    private static final int MAX_SEGMENT = 0xffffff;

    private final Peer peer;
    private final TargetDiscovery discovery;

    TextExchange(Peer peer, TargetDiscovery discovery) {
        this.peer = peer;
        this.discovery = discovery;
    }

    void received(SessionDraft draft, TextRequest request) {
        SessionState.TextProgress progress = draft.text();
        if (request.transferTag() != Pdu.RESERVED_TAG && progress.unsent().length() > 0) {
            if (request.transferTag() == progress.transferTag()) {
                respond(draft, request, progress.unsent());
            } else {
                draft.reject(Reject.PROTOCOL_ERROR, request);
            }
            return;
        }
        Text question = progress.received().plus(request.data());
        if (question.length() > MAX_QUESTION) {
            draft.reject(Reject.PROTOCOL_ERROR, request);
            draft.close("text longer than " + MAX_QUESTION + " bytes");
            return;
        }
        if (request.continues()) {
            int tag = draft.nextTransferTag();
            draft.text(new SessionState.TextProgress(question, Text.EMPTY, tag));
            draft.send(
                    new TextResponse(false, false, request.lun(), request.taskTag(), tag, draft.status(), Pdu.NO_DATA));
            return;
        }
        switch (TextKeys.parse(question.bytes())) {
            case TextKeys.Parsed.Malformed ignored -> {
                draft.text(SessionState.TextProgress.NONE);
                draft.reject(Reject.PROTOCOL_ERROR, request);
            }
            case TextKeys.Parsed.Text text ->
                respond(draft, request, new Text(answer(draft, text.keys()).encode()));
        }
    }

    private TextKeys answer(SessionDraft draft, TextKeys question) {
        TextKeys answer = TextKeys.EMPTY;
        for (TextKeys.Pair pair : question.pairs()) {
            answer = switch (pair.name()) {
                case KeyNames.SEND_TARGETS -> answer.with(targets(pair.value()));
                case KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH -> segmentLength(draft, pair.value(), answer);
                default -> answer.with(pair.name(), KeyNames.REJECT); // settled at login
            };
        }
        return answer;
    }

    private static TextKeys segmentLength(SessionDraft draft, String value, TextKeys answer) {
        Integer bytes = segmentBytes(value);
        if (bytes == null) {
            return answer.with(KeyNames.MAX_RECV_DATA_SEGMENT_LENGTH, KeyNames.REJECT);
        }
        SessionParameters parameters = draft.parameters();
        draft.parameters(parameters.withInitiatorSegmentBytes(bytes));
        return answer;
    }

    private static @Nullable Integer segmentBytes(String value) {
        if (!value.matches("[1-9][0-9]{2,7}")) {
            return null;
        }
        int bytes = Integer.parseInt(value);
        return bytes < MIN_SEGMENT || bytes > MAX_SEGMENT ? null : bytes;
    }

    /** RFC 7143 Appendix C: All in a discovery session, a name, or nothing for the session's own target. */
    private TextKeys targets(String which) {
        List<DiscoveredTarget> visible = discovery.visibleTo(peer.initiator());
        String own = peer.target();
        TextKeys answer = TextKeys.EMPTY;
        for (DiscoveredTarget target : visible) {
            boolean wanted = own == null
                    ? which.equals("All") || which.equals(target.name())
                    : target.name().equals(own) && (which.isEmpty() || which.equals(own));
            if (wanted) {
                answer = answer.with(KeyNames.TARGET_NAME, target.name())
                        .with(KeyNames.TARGET_ADDRESS, target.address());
            }
        }
        return answer;
    }

    /** Sends as much of an answer as the initiator takes in one PDU; the rest when it asks again (RFC 7143 §11.11). */
    private static void respond(SessionDraft draft, TextRequest request, Text answer) {
        int size = Math.min(answer.length(), draft.parameters().initiatorSegmentBytes());
        ByteBuffer part = answer.bytes().slice(0, size);
        boolean last = size == answer.length();
        int tag = last ? Pdu.RESERVED_TAG : draft.nextTransferTag();
        Text rest = new Text(answer.bytes().slice(size, answer.length() - size));
        draft.text(last ? SessionState.TextProgress.NONE : new SessionState.TextProgress(Text.EMPTY, rest, tag));
        draft.send(new TextResponse(last, !last, request.lun(), request.taskTag(), tag, draft.status(), part));
    }
}
