package io.sluice.iscsi.login;

import static io.sluice.iscsi.login.LoginClient.INITIATOR;
import static io.sluice.iscsi.login.LoginClient.ISID;
import static io.sluice.iscsi.login.LoginClient.TARGET;
import static io.sluice.iscsi.login.LoginClient.answer;
import static io.sluice.iscsi.login.LoginClient.operational;
import static io.sluice.iscsi.login.LoginClient.security;
import static io.sluice.iscsi.login.LoginClient.toFullFeature;
import static io.sluice.iscsi.login.LoginClient.toOperational;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LoginStatus;
import io.sluice.iscsi.pdu.RequestNumbers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginMachineTest {

    private static final String NAME = "InitiatorName=" + INITIATOR;
    private static final String FOR_TARGET = "TargetName=" + TARGET;

    private final LoginClient client = new LoginClient(Map.of(TARGET, Admission.ANYONE));

    @Test
    void aLoginGoesThroughBothStagesToTheFullFeaturePhase() {
        LoginStep first = client.send(toOperational(), NAME, FOR_TARGET, "SessionType=Normal", "AuthMethod=None");
        assertThat(answer(first)).isEqualTo(LoginClient.keys("TargetPortalGroupTag=1", "AuthMethod=None"));
        assertThat(first.response().flags()).isEqualTo(toOperational());
        assertThat(first.response().numbers().maxCmdSn()).isEqualTo(131);

        LoginStep last = client.send(toFullFeature(), "MaxRecvDataSegmentLength=65536", "ImmediateData=Yes");
        assertThat(last).isInstanceOfSatisfying(LoginStep.Complete.class, complete -> {
            assertThat(complete.result().peer()).isEqualTo(new Peer(INITIATOR, TARGET, ISID, 0, 0));
            assertThat(complete.result().expCmdSn()).isEqualTo(100);
            assertThat(complete.result().nextStatSn()).isEqualTo(2);
            assertThat(complete.result().parameters().initiatorSegmentBytes()).isEqualTo(65536);
            assertThat(complete.result().parameters().targetSegmentBytes()).isEqualTo(262144);
        });
        assertThat(last.response().tsih()).isEqualTo(LoginClient.TSIH);
        assertThat(answer(last).get("MaxRecvDataSegmentLength")).isEqualTo("262144");
    }

    @Test
    void aLoginMayBeginWithTheOperationalStage() {
        assertThat(client.send(toFullFeature(), NAME, FOR_TARGET)).isInstanceOf(LoginStep.Complete.class);
    }

    @Test
    void aLoginMaySkipTheOperationalStageAndGetsDefaults() {
        LoginStep step =
                client.send(LoginFlags.transit(LoginStage.SECURITY, LoginStage.FULL_FEATURE), NAME, FOR_TARGET);
        assertThat(step)
                .isInstanceOfSatisfying(
                        LoginStep.Complete.class,
                        complete -> assertThat(complete.result().parameters()).isEqualTo(SessionParameters.DEFAULTS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HeaderDigest=CRC32C,None | HeaderDigest=CRC32C",
                "HeaderDigest=None,CRC32C | HeaderDigest=None",
                "DataDigest=MD5,CRC32C | DataDigest=CRC32C",
                "DataDigest=MD5 | DataDigest=Reject",
                "MaxConnections=8 | MaxConnections=1",
                "InitialR2T=No | InitialR2T=No",
                "InitialR2T=Yes | InitialR2T=Yes",
                "InitialR2T=maybe | InitialR2T=Reject",
                "ImmediateData=No | ImmediateData=No",
                "ImmediateData=Yes | ImmediateData=Yes",
                "MaxBurstLength=16776192 | MaxBurstLength=1048576",
                "MaxBurstLength=512 | MaxBurstLength=512",
                "MaxBurstLength=511 | MaxBurstLength=Reject",
                "MaxBurstLength=0x10000 | MaxBurstLength=65536",
                "MaxBurstLength=16777216 | MaxBurstLength=Reject",
                "MaxBurstLength=-1 | MaxBurstLength=Reject",
                "MaxBurstLength=99999999999 | MaxBurstLength=Reject",
                "FirstBurstLength=262144 | FirstBurstLength=65536",
                "FirstBurstLength=4096 | FirstBurstLength=4096",
                "DefaultTime2Wait=2 | DefaultTime2Wait=2",
                "DefaultTime2Retain=20 | DefaultTime2Retain=0",
                "MaxOutstandingR2T=16 | MaxOutstandingR2T=1",
                "MaxOutstandingR2T=0 | MaxOutstandingR2T=Reject",
                "DataPDUInOrder=No | DataPDUInOrder=Yes",
                "DataSequenceInOrder=No | DataSequenceInOrder=Yes",
                "ErrorRecoveryLevel=2 | ErrorRecoveryLevel=0",
                "ErrorRecoveryLevel=3 | ErrorRecoveryLevel=Reject",
                "TaskReporting=ResponseFence,RFC3720 | TaskReporting=RFC3720",
                "iSCSIProtocolLevel=2 | iSCSIProtocolLevel=1",
                "IFMarker=No | IFMarker=Reject",
                "OFMarkInt=2048 | OFMarkInt=Reject",
                "TargetAlias=x | TargetAlias=Reject",
                "SendTargets=All | SendTargets=Reject",
                "X-com.example=1 | X-com.example=NotUnderstood",
                "MaxRecvDataSegmentLength=100 | MaxRecvDataSegmentLength=Reject",
            })
    void eachKeyIsAnsweredByItsOwnRule(String offered, String expected) {
        client.send(toOperational(), NAME, FOR_TARGET);
        TextKeys answer = answer(client.send(operational(), offered));
        assertThat(answer.pairs()).contains(LoginClient.keys(expected).pairs().getFirst());
    }

    @Test
    void whatWasAgreedHolds() {
        client.send(toOperational(), NAME, FOR_TARGET);
        LoginStep step = client.send(
                toFullFeature(),
                "HeaderDigest=CRC32C",
                "DataDigest=None",
                "MaxBurstLength=32768",
                "FirstBurstLength=65536",
                "InitialR2T=No",
                "ImmediateData=No");
        assertThat(step)
                .isInstanceOfSatisfying(
                        LoginStep.Complete.class,
                        complete -> assertThat(complete.result().parameters())
                                .isEqualTo(new SessionParameters(
                                        new Digests(true, false), 8192, 262144, 32768, 32768, 1, false, false)));
    }

    @Test
    void textMayGoOnInFurtherPdus() {
        byte[] text = LoginClient.keys(NAME, FOR_TARGET, "MaxBurstLength=8192")
                .encode()
                .array();
        LoginStep half = client.send(
                LoginFlags.continued(LoginStage.OPERATIONAL),
                ByteBuffer.wrap(text, 0, 20).slice());
        assertThat(half.response().data().remaining()).isZero();
        assertThat(half.response().flags().transit()).isFalse();
        LoginStep whole = client.send(
                toFullFeature(), ByteBuffer.wrap(text, 20, text.length - 20).slice());
        assertThat(whole).isInstanceOf(LoginStep.Complete.class);
        assertThat(answer(whole).get("MaxBurstLength")).isEqualTo("8192");
    }

    @Test
    void anEndlessTextIsRefused() {
        ByteBuffer piece = ByteBuffer.allocate(8192);
        LoginStep step = client.send(LoginFlags.continued(LoginStage.SECURITY), piece);
        assertThat(step).isInstanceOf(LoginStep.Continued.class);
        client.send(LoginFlags.continued(LoginStage.SECURITY), piece);
        assertRefused(client.send(LoginFlags.continued(LoginStage.SECURITY), piece), LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void aKeyAgreedTwiceEndsTheLogin() {
        client.send(toOperational(), NAME, FOR_TARGET);
        client.send(operational(), "MaxBurstLength=8192");
        assertRefused(client.send(operational(), "MaxBurstLength=4096"), LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void aDiscoverySessionNeedsNoTarget() {
        LoginStep step = client.send(toFullFeature(), NAME, "SessionType=Discovery");
        assertThat(step)
                .isInstanceOfSatisfying(
                        LoginStep.Complete.class,
                        complete ->
                                assertThat(complete.result().peer().target()).isNull());
        assertThat(answer(step).get("TargetPortalGroupTag")).isNull();
    }

    @Test
    void refusalsCarryTheirStatus() {
        assertRefused(client.send(security(), FOR_TARGET), LoginStatus.MISSING_PARAMETER);
        assertRefused(client.send(security(), NAME), LoginStatus.MISSING_PARAMETER);
        assertRefused(client.send(security(), NAME, "TargetName=iqn.x:none"), LoginStatus.NOT_FOUND);
        assertRefused(
                client.send(security(), NAME, FOR_TARGET, "SessionType=Other"), LoginStatus.SESSION_TYPE_NOT_SUPPORTED);
        assertRefused(client.send(security(), NAME, FOR_TARGET, "AuthMethod=KRB5"), LoginStatus.AUTHENTICATION_FAILURE);
        assertRefused(
                client.send(security(), ByteBuffer.wrap("novalue\0".getBytes(StandardCharsets.US_ASCII))),
                LoginStatus.INITIATOR_ERROR);
        LoginClient stranger =
                new LoginClient(Map.of(TARGET, new Admission("iqn.1993-08.org.example:other", null, null)));
        assertRefused(stranger.send(security(), NAME, FOR_TARGET), LoginStatus.AUTHORIZATION_FAILURE);
        LoginClient late = new LoginClient(Map.of(TARGET, Admission.ANYONE), false);
        assertRefused(late.send(security(), NAME, FOR_TARGET), LoginStatus.OUT_OF_RESOURCES);
    }

    @Test
    void unlawfulRequestsAreRefused() {
        assertRefused(client.send(request(toOperational(), 1, 0, ISID)), LoginStatus.UNSUPPORTED_VERSION);
        assertRefused(
                client.send(LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.SECURITY), NAME, FOR_TARGET),
                LoginStatus.INITIATOR_ERROR);
        assertRefused(
                client.send(new LoginFlags(true, true, LoginStage.SECURITY, LoginStage.OPERATIONAL), NAME),
                LoginStatus.INITIATOR_ERROR);
        assertRefused(client.send(new LoginFlags(false, false, null, null), NAME), LoginStatus.INITIATOR_ERROR);
        client.send(toOperational(), NAME, FOR_TARGET);
        assertRefused(client.send(security(), "AuthMethod=None"), LoginStatus.INITIATOR_ERROR);
        assertRefused(client.send(request(operational(), 0, 0, new Isid(1))), LoginStatus.INITIATOR_ERROR);
    }

    @Test
    void aLoginWithATsihTakesOverTheConnectionOfThatSession() {
        LoginClient again = new LoginClient(Map.of(TARGET, Admission.ANYONE), new OpenSession(5, 0));
        LoginStep step = again.send(goingOn(5, 0));
        assertThat(step).isInstanceOfSatisfying(LoginStep.Complete.class, complete -> {
            assertThat(complete.result().tsih()).isEqualTo(5);
            assertThat(complete.result().peer().tsih()).isEqualTo(5);
            assertThat(complete.response().tsih()).isEqualTo(5);
        });
    }

    @Test
    void aLoginWithATsihIsRefusedWhereThereIsNoSuchSessionOrConnection() {
        assertRefused(client.send(goingOn(5, 0)), LoginStatus.SESSION_DOES_NOT_EXIST);
        Map<String, Admission> targets = Map.of(TARGET, Admission.ANYONE);
        OpenSession open = new OpenSession(5, 0);
        assertRefused(new LoginClient(targets, open).send(goingOn(6, 0)), LoginStatus.SESSION_DOES_NOT_EXIST);
        assertRefused(new LoginClient(targets, open).send(goingOn(5, 1)), LoginStatus.TOO_MANY_CONNECTIONS);
        LoginClient changing = new LoginClient(targets, open);
        changing.send(operational(), NAME, FOR_TARGET);
        assertRefused(changing.send(goingOn(5, 0)), LoginStatus.INITIATOR_ERROR);
    }

    private static LoginRequest goingOn(int tsih, int connectionId) {
        TextKeys keys = TextKeys.EMPTY.with("InitiatorName", INITIATOR).with("TargetName", TARGET);
        return new LoginRequest(
                LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE),
                0,
                0,
                ISID,
                tsih,
                1,
                connectionId,
                new RequestNumbers(1, 0),
                keys.encode());
    }

    private static LoginRequest request(LoginFlags flags, int versionMin, int tsih, Isid isid) {
        return new LoginRequest(
                flags, 0, versionMin, isid, tsih, 1, 0, new RequestNumbers(1, 0), TextKeys.EMPTY.encode());
    }

    private static void assertRefused(LoginStep step, LoginStatus status) {
        assertThat(step).isInstanceOf(LoginStep.Refused.class);
        assertThat(step.response().status()).isEqualTo(status);
    }
}
