package io.sluice.iscsi.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SerialNumbersTest {

    @Test
    void numbersWrapAround() {
        assertThat(SerialNumbers.before(1, 2)).isTrue();
        assertThat(SerialNumbers.before(2, 2)).isFalse();
        assertThat(SerialNumbers.before(0xffffffff, 0)).isTrue();
        assertThat(SerialNumbers.before(0, 0xffffffff)).isFalse();
    }

    @Test
    void aWindowMaySpanTheWrap() {
        assertThat(SerialNumbers.within(0, 0xfffffffe, 3)).isTrue();
        assertThat(SerialNumbers.within(4, 0xfffffffe, 3)).isFalse();
        assertThat(SerialNumbers.within(0xfffffffd, 0xfffffffe, 3)).isFalse();
    }
}
