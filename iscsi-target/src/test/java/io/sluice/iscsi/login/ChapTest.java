package io.sluice.iscsi.login;

import static io.sluice.iscsi.login.LoginClient.INITIATOR;
import static io.sluice.iscsi.login.LoginClient.TARGET;
import static io.sluice.iscsi.login.LoginClient.answer;
import static io.sluice.iscsi.login.LoginClient.security;
import static io.sluice.iscsi.login.LoginClient.toOperational;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LoginStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChapTest {

    private static final ChapCredentials USER = credentials("user", "secretsecret1");
    private static final ChapCredentials OWN = credentials("target", "othersecret12");
    private static final byte[] CHALLENGE = LoginClient.counted(32);

    @ParameterizedTest
    @CsvSource({
        "MD5, ec81cd0a4bf810bfcb485d7600dadf3f",
        "SHA_256, 55954403e439449807f74596471a25e2b31edd9f17019f69bd8753307f7a8f04",
        "SHA3_256, ac6a9338ba31f2312a6761a2539a6446922c962735afa50653b89fc0f79fc51b",
    })
    void responsesAreTheDigestOfIdentifierSecretAndChallenge(ChapAlgorithm algorithm, String expected) {
        byte[] challenge = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        byte[] response = algorithm.response(0x2a, USER.secret(), challenge);
        assertThat(HexFormat.of().formatHex(response)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void anInitiatorThatKnowsTheSecretGetsThrough(ChapAlgorithm algorithm) {
        LoginClient client = challenged(new Admission(null, USER, null), algorithm.number() + "");
        LoginStep step = client.send(toOperational(), proof(algorithm, USER));
        assertThat(step.response().flags().next()).isEqualTo(LoginStage.OPERATIONAL);
        assertThat(step.response().flags().transit()).isTrue();
    }

    @Test
    void aProofInBase64IsTaken() {
        byte[] proof = ChapAlgorithm.MD5.response(1, USER.secret(), CHALLENGE);
        LoginStep step = challenged(new Admission(null, USER, null), "5")
                .send(
                        toOperational(),
                        "CHAP_N=user",
                        "CHAP_R=0b" + Base64.getEncoder().encodeToString(proof));
        assertThat(step.response().flags().transit()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'8,7,5', 8", "'5,8', 5", "'6,7', 7", "'99, 5', 5"})
    void theFirstKnownAlgorithmIsChosen(String offered, String chosen) {
        LoginClient client = begun(new Admission(null, USER, null));
        assertThat(answer(client.send(security(), "CHAP_A=" + offered)).get("CHAP_A"))
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x00", "nonsense", "0b!!", "0x", "", "0xzz"})
    void aWrongProofIsRefused(String proof) {
        LoginStep step = challenged(new Admission(null, USER, null), "5")
                .send(toOperational(), "CHAP_N=user", "CHAP_R=" + proof);
        assertRefused(step, LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void aWrongUserIsRefusedEvenWithTheRightSecret() {
        LoginStep step = challenged(new Admission(null, USER, null), "5")
                .send(toOperational(), proof(ChapAlgorithm.MD5, credentials("other", "secretsecret1")));
        assertRefused(step, LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void onlyUnknownAlgorithmsAreRefused() {
        assertRefused(
                begun(new Admission(null, USER, null)).send(security(), "CHAP_A=6,99"),
                LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void aMissingProofIsAMissingParameter() {
        assertRefused(
                challenged(new Admission(null, USER, null), "5").send(toOperational(), "CHAP_N=user"),
                LoginStatus.MISSING_PARAMETER);
    }

    @ParameterizedTest
    @EnumSource
    void theTargetProvesItselfWhenAsked(ChapAlgorithm algorithm) {
        byte[] counter = HexFormat.of().parseHex("a1a2a3a4a5a6a7a8a9aaabacadaeafb0");
        String[] proof = proof(algorithm, USER);
        LoginStep step = challenged(new Admission(null, USER, OWN), algorithm.number() + "")
                .send(toOperational(), proof[0], proof[1], "CHAP_I=200", "CHAP_C=" + BinaryValue.hex(counter));
        assertThat(answer(step).get("CHAP_N")).isEqualTo("target");
        assertThat(answer(step).get("CHAP_R"))
                .isEqualTo(BinaryValue.hex(algorithm.response(200, OWN.secret(), counter)));
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1024, true", "1025, false", "0, false"})
    void aCounterChallengeHasFromOneByteTo1024(int length, boolean lawful) {
        String[] proof = proof(ChapAlgorithm.MD5, USER);
        byte[] counter = new byte[length];
        LoginStep step = challenged(new Admission(null, USER, OWN), "5")
                .send(toOperational(), proof[0], proof[1], "CHAP_I=1", "CHAP_C=" + BinaryValue.hex(counter));
        assertThat(step.response().status().success()).isEqualTo(lawful);
    }

    @Test
    void aCounterChallengeInBase64IsTaken() {
        byte[] counter = {9, 8, 7, 6, 5};
        String[] proof = proof(ChapAlgorithm.MD5, USER);
        String encoded = Base64.getEncoder().encodeToString(counter);
        LoginStep step = challenged(new Admission(null, USER, OWN), "5")
                .send(toOperational(), proof[0], proof[1], "CHAP_I=0x07", "CHAP_C=0b" + encoded);
        assertThat(answer(step).get("CHAP_R"))
                .isEqualTo(BinaryValue.hex(ChapAlgorithm.MD5.response(7, OWN.secret(), counter)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"256", "-1", "", "x", "0x100", "1 "})
    void anIdentifierIsOneByte(String identifier) {
        String[] proof = proof(ChapAlgorithm.MD5, USER);
        LoginStep step = challenged(new Admission(null, USER, OWN), "5")
                .send(toOperational(), proof[0], proof[1], "CHAP_I=" + identifier, "CHAP_C=0x01020304");
        assertRefused(step, LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void ourOwnChallengeReflectedIsRefused() {
        String[] proof = proof(ChapAlgorithm.MD5, USER);
        LoginStep step = challenged(new Admission(null, USER, OWN), "5")
                .send(toOperational(), proof[0], proof[1], "CHAP_I=1", "CHAP_C=" + BinaryValue.hex(CHALLENGE));
        assertRefused(step, LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void aTargetWithoutASecretOfItsOwnCanNotBeAskedForProof() {
        String[] proof = proof(ChapAlgorithm.MD5, USER);
        LoginStep step = challenged(new Admission(null, USER, null), "5")
                .send(toOperational(), proof[0], proof[1], "CHAP_I=1", "CHAP_C=0x0102");
        assertRefused(step, LoginStatus.AUTHENTICATION_FAILURE);
    }

    @Test
    void nothingGoesPastAuthentication() {
        Map<String, Admission> targets = Map.of(TARGET, new Admission(null, USER, null));
        String[] names = {"InitiatorName=" + INITIATOR, "TargetName=" + TARGET};
        assertRefused(
                new LoginClient(targets).send(LoginClient.toFullFeature(), names), LoginStatus.AUTHENTICATION_FAILURE);
        assertRefused(new LoginClient(targets).send(toOperational(), names), LoginStatus.AUTHENTICATION_FAILURE);
        assertRefused(
                new LoginClient(targets).send(toOperational(), names[0], names[1], "AuthMethod=None"),
                LoginStatus.AUTHENTICATION_FAILURE);
        LoginStep wantsOn = new LoginClient(targets).send(toOperational(), names[0], names[1], "AuthMethod=CHAP,None");
        assertThat(wantsOn.response().flags().transit()).isFalse();
        assertThat(answer(wantsOn).get("AuthMethod")).isEqualTo("CHAP");
    }

    @Test
    void secretsAreNotPrintedAndNotSharedByBothDirections() {
        assertThat(new Admission("iqn.x:y", USER, OWN).toString()).doesNotContain("secretsecret1", "othersecret12");
        assertThatThrownBy(() -> new Admission(null, USER, credentials("b", "secretsecret1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static LoginClient begun(Admission admission) {
        LoginClient client = new LoginClient(Map.of(TARGET, admission));
        LoginStep step =
                client.send(security(), "InitiatorName=" + INITIATOR, "TargetName=" + TARGET, "AuthMethod=CHAP,None");
        assertThat(answer(step).get("AuthMethod")).isEqualTo("CHAP");
        return client;
    }

    private static LoginClient challenged(Admission admission, String algorithms) {
        LoginClient client = begun(admission);
        TextKeys challenge = answer(client.send(security(), "CHAP_A=" + algorithms));
        assertThat(challenge.get("CHAP_I")).isEqualTo("1");
        assertThat(challenge.get("CHAP_C")).isEqualTo(BinaryValue.hex(CHALLENGE));
        return client;
    }

    private static String[] proof(ChapAlgorithm algorithm, ChapCredentials credentials) {
        byte[] response = algorithm.response(1, credentials.secret(), CHALLENGE);
        return new String[] {"CHAP_N=" + credentials.user(), "CHAP_R=" + BinaryValue.hex(response)};
    }

    private static void assertRefused(LoginStep step, LoginStatus status) {
        assertThat(step).isInstanceOf(LoginStep.Refused.class);
        assertThat(step.response().status()).isEqualTo(status);
        assertThat(step.response().tsih()).isZero();
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.getBytes(StandardCharsets.US_ASCII));
    }
}
