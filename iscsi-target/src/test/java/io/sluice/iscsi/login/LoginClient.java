package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.RequestNumbers;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Talks to a login machine as an initiator would, and remembers the state. */
final class LoginClient {

    static final String INITIATOR = "iqn.1993-08.org.example:host";
    static final String TARGET = "iqn.2026-11.io.sluice:one";
    static final Isid ISID = new Isid(0x800001000002L);
    static final int TSIH = 7;

    private final LoginMachine machine;
    private LoginState state = LoginState.Connected.FIRST;

    LoginClient(Map<String, Admission> targets) {
        this(targets, true);
    }

    LoginClient(Map<String, Admission> targets, boolean room) {
        this(new Directory(targets, room, null));
    }

    /** One that has a session already. */
    LoginClient(Map<String, Admission> targets, OpenSession open) {
        this(new Directory(targets, true, open));
    }

    private LoginClient(Directory directory) {
        machine = new LoginMachine(
                directory,
                LoginClient::counted,
                new TargetOffer(262144, 1048576, 65536, 1),
                new LoginLimits(16384, 32),
                TSIH);
    }

    private record Directory(
            Map<String, Admission> targets,
            boolean room,
            @Nullable OpenSession open) implements TargetDirectory {
        @Override
        public @Nullable Admission admission(String targetName) {
            return targets.get(targetName);
        }

        @Override
        public Admission discovery(String initiatorName, @Nullable String user) {
            return targets.values().stream()
                    .filter(admission -> admission.chap() != null)
                    .findFirst()
                    .orElse(Admission.ANYONE);
        }

        @Override
        public @Nullable OpenSession session(String targetName, String initiatorName, Isid isid) {
            return open;
        }

        @Override
        public boolean hasRoom(String targetName, String initiatorName) {
            return room;
        }
    }

    /** Bytes 1, 2, 3 …: what is random in truth. */
    static byte[] counted(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }

    LoginStep send(LoginFlags flags, String... keys) {
        return send(flags, keys(keys).encode());
    }

    LoginStep send(LoginFlags flags, ByteBuffer data) {
        return send(new LoginRequest(flags, 0, 0, ISID, 0, 1, 0, new RequestNumbers(100, 0), data));
    }

    LoginStep send(LoginRequest request) {
        LoginStep step = machine.step(state, request);
        if (step instanceof LoginStep.Continued continued) {
            state = continued.state();
        }
        return step;
    }

    static TextKeys keys(String... keys) {
        TextKeys text = TextKeys.EMPTY;
        for (String key : keys) {
            int equals = key.indexOf('=');
            text = text.with(key.substring(0, equals), key.substring(equals + 1));
        }
        return text;
    }

    static TextKeys answer(LoginStep step) {
        return switch (TextKeys.parse(step.response().data())) {
            case TextKeys.Parsed.Text text -> text.keys();
            case TextKeys.Parsed.Malformed malformed -> throw new AssertionError(malformed.detail());
        };
    }

    static LoginFlags security() {
        return LoginFlags.in(LoginStage.SECURITY);
    }

    static LoginFlags toOperational() {
        return LoginFlags.transit(LoginStage.SECURITY, LoginStage.OPERATIONAL);
    }

    static LoginFlags operational() {
        return LoginFlags.in(LoginStage.OPERATIONAL);
    }

    static LoginFlags toFullFeature() {
        return LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE);
    }
}
