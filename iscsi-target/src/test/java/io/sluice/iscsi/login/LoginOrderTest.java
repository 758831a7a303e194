package io.sluice.iscsi.login;

import static io.sluice.iscsi.login.LoginClient.INITIATOR;
import static io.sluice.iscsi.login.LoginClient.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.LoginStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stages of a login in every order (RFC 7143 §6.3, §11.12.1 to 3). An order is written as the requests in it: {@code 0} and
 * {@code 1} stay in the security and the operational stage, {@code 01}, {@code 03} and {@code 13} ask for the next one.
 */
class LoginOrderTest {

    private static final Set<String> LAWFUL = Set.of("01", "03", "13");

    @ParameterizedTest
    @ValueSource(
            strings = {"13", "03", "01 13", "0 01 13", "0 0 03", "0 03", "01 1 13", "1 13", "1 1 13", "0 01 1 1 13"})
    void everyLawfulOrderReachesTheFullFeaturePhase(String order) {
        assertThat(last(order)).isInstanceOf(LoginStep.Complete.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 01", "1 0", "1 03", "01 0", "01 01", "01 03", "0 1", "0 13", "01 1 0", "0 01 1 03"})
    void whoLeavesTheOrderLaterIsRefused(String order) {
        LoginStep step = last(order);
        assertThat(step).isInstanceOf(LoginStep.Refused.class);
        assertThat(step.response().status()).isEqualTo(LoginStatus.INITIATOR_ERROR);
    }

    static Stream<LoginFlags> unlawfulFlags() {
        List<LoginFlags> all = new ArrayList<>();
        for (int code = 0; code < 64; code++) {
            boolean transit = (code & 0x20) != 0;
            boolean continues = (code & 0x10) != 0;
            int current = (code >> 2) & 3;
            int next = code & 3;
            boolean lawful = transit ? LAWFUL.contains("" + current + next) && !continues : current < 2;
            if (!lawful) {
                all.add(new LoginFlags(transit, continues, stage(current), stage(next)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("unlawfulFlags")
    void everyOtherCombinationOfFlagsIsRefusedAtOnce(LoginFlags flags) {
        LoginStep step = new LoginClient(Map.of(TARGET, Admission.ANYONE)).send(flags, names());
        assertThat(step).isInstanceOf(LoginStep.Refused.class);
        assertThat(step.response().status()).isEqualTo(LoginStatus.INITIATOR_ERROR);
        assertThat(step.response().tsih()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "03", "1", "01"})
    void noOrderLeadsPastAnAuthenticationThatIsAskedFor(String order) {
        Admission guarded = new Admission(null, new ChapCredentials("user", new byte[] {1, 2, 3}), null);
        LoginClient client = new LoginClient(Map.of(TARGET, guarded));
        LoginStep step = client.send(flags(order), names());
        assertThat(step).isInstanceOf(LoginStep.Refused.class);
        assertThat(step.response().status()).isEqualTo(LoginStatus.AUTHENTICATION_FAILURE);
    }

    private static LoginStep last(String order) {
        LoginClient client = new LoginClient(Map.of(TARGET, Admission.ANYONE));
        String[] requests = order.split(" ", -1);
        LoginStep step = client.send(flags(requests[0]), names());
        for (int i = 1; i < requests.length; i++) {
            assertThat(step).as("before %s", requests[i]).isInstanceOf(LoginStep.Continued.class);
            step = client.send(flags(requests[i]));
        }
        return step;
    }

    private static LoginFlags flags(String one) {
        LoginStage current = one.charAt(0) == '0' ? LoginStage.SECURITY : LoginStage.OPERATIONAL;
        if (one.length() == 1) {
            return LoginFlags.in(current);
        }
        return LoginFlags.transit(current, one.charAt(1) == '1' ? LoginStage.OPERATIONAL : LoginStage.FULL_FEATURE);
    }

    private static String[] names() {
        return new String[] {"InitiatorName=" + INITIATOR, "TargetName=" + TARGET};
    }

    private static @Nullable LoginStage stage(int code) {
        return switch (code) {
            case 0 -> LoginStage.SECURITY;
            case 1 -> LoginStage.OPERATIONAL;
            case 3 -> LoginStage.FULL_FEATURE;
            default -> null;
        };
    }
}
