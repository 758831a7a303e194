package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When windows open: over midnight, in other zones, and where the clocks jump. */
class WindowTest {
    @ParameterizedTest(name = "{0}, {1} from {2}")
    @CsvSource({
        // open: the answer is now
        "09:00-17:00 UTC,                2030-01-01T09:00:00Z, 2030-01-01T09:00:00Z",
        "09:00-17:00 UTC,                2030-01-01T16:59:59Z, 2030-01-01T16:59:59Z",
        "22:00-04:00 UTC,                2030-01-01T23:00:00Z, 2030-01-01T23:00:00Z",
        "22:00-04:00 UTC,                2030-01-02T03:59:00Z, 2030-01-02T03:59:00Z",
        "00:00-00:00 UTC,                2030-01-01T13:00:00Z, 2030-01-01T13:00:00Z",
        // shut: the end does not belong to it
        "09:00-17:00 UTC,                2030-01-01T08:59:59Z, 2030-01-01T09:00:00Z",
        "09:00-17:00 UTC,                2030-01-01T17:00:00Z, 2030-01-02T09:00:00Z",
        "22:00-04:00 UTC,                2030-01-02T04:00:00Z, 2030-01-02T22:00:00Z",
        // the zone's own day
        "02:00-03:00 Asia/Tokyo,         2030-01-01T16:00:00Z, 2030-01-01T17:00:00Z",
        "02:00-03:00 America/Los_Angeles,2030-01-01T11:00:00Z, 2030-01-02T10:00:00Z",
        "23:00-01:00 Pacific/Kiritimati, 2030-01-01T09:30:00Z, 2030-01-01T09:30:00Z",
        // clocks go forward on 31 March 2030 in Berlin: 02:30 is not there, it opens at 03:30 summer time
        "02:30-05:00 Europe/Berlin,      2030-03-31T01:00:00Z, 2030-03-31T01:30:00Z",
        "22:00-06:00 Europe/Berlin,      2030-03-31T03:59:00Z, 2030-03-31T03:59:00Z",
        "22:00-06:00 Europe/Berlin,      2030-03-31T04:00:00Z, 2030-03-31T20:00:00Z",
        // and back on 27 October 2030
        "22:00-06:00 Europe/Berlin,      2030-10-27T04:59:00Z, 2030-10-27T04:59:00Z",
    })
    void opensWhereItsZoneSays(String window, String now, String opens) {
        assertThat(Window.parse(window).opens(Instant.parse(now))).isEqualTo(Instant.parse(opens));
    }

    @ParameterizedTest
    @CsvSource({
        "22:00-04:00 Europe/Berlin, 22:00-04:00 Europe/Berlin",
        "' 9:00-10:00 UTC', ",
        "22:00-04:00, 22:00-04:00 UTC",
        "22:00:30-04:00 +02:00, 22:00:30-04:00 +02:00",
    })
    void isReadAsItIsWritten(String text, String written) {
        if (written == null) {
            assertThatThrownBy(() -> Window.parse(text)).hasMessageContaining("9:00");
        } else {
            assertThat(Window.parse(text)).hasToString(written);
            assertThat(Window.parse(written)).isEqualTo(Window.parse(text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "22:00", "22:00-", "22:00-25:00 UTC", "22:00-04:00 Mars/Base", "always", "1-2-3"})
    void namesTheTextThatIsNone(String text) {
        assertThatThrownBy(() -> Window.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no window");
    }
}
