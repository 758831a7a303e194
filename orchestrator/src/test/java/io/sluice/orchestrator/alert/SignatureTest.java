package io.sluice.orchestrator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {
    /** Reckoned apart: {@code printf '%s' '1000.{"a":1}' | openssl dgst -sha256 -hmac secret}. */
    @Test
    void signsTheTimeAndTheBody() {
        assertThat(Signature.header("k-1", "secret", Instant.ofEpochSecond(1000), "{\"a\":1}"))
                .isEqualTo("t=1000,k=k-1,v1=79735020b7448fd0956ae8a025e12d8e8e654b3b2d7757e722076546bb0f8e3b");
    }

    @Test
    void triesAgainSoonThenSeldomAndGivesUpAfterAboutADay() {
        assertThat(Retries.after(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Retries.after(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(Retries.after(30)).isEqualTo(Duration.ofMinutes(10));
        assertThat(Retries.after(149)).isEqualTo(Duration.ofMinutes(10));
        assertThat(Retries.after(150)).isNull();
    }
}
