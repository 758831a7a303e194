package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataMemoryTest {

    private final DataMemory memory = new DataMemory(100, 10);
    private final List<String> granted = new ArrayList<>();

    @Test
    void whatIsFreeIsGrantedAtOnce() {
        assertThat(share("one").want(50)).isTrue();
        assertThat(memory.used()).isEqualTo(50);
        assertThat(granted).isEmpty();
    }

    @Test
    void whoWantsMoreThanIsFreeWaitsInTurn() {
        DataMemory.Share hog = share("hog");
        hog.want(50);
        share("two").want(25);
        share("three").want(12);
        DataMemory.Share first = share("first");
        assertThat(first.want(10)).isTrue();
        assertThat(share("second").want(10)).isFalse();
        assertThat(share("third").want(1)).as("no overtaking").isFalse();
        assertThat(memory.pressed()).isTrue();
        first.giveBack(7);
        assertThat(granted).containsExactly("second 10");
        hog.giveBack(1);
        assertThat(granted).containsExactly("second 10", "third 1");
        assertThat(memory.pressed()).isFalse();
    }

    @Test
    void howeverManyTakeAllTheyCanSomeIsLeftForOneCommandOfTheNext() {
        for (int i = 0; i < 5; i++) {
            DataMemory.Share greedy = share("greedy");
            while (greedy.want(1)) {
                assertThat(memory.used()).isLessThanOrEqualTo(90);
            }
        }
        assertThat(memory.used()).isLessThanOrEqualTo(90);
        if (!share("honest").want(10)) {
            share("any").giveBack(0);
            assertThat(granted).as("those who have a lot are passed over").contains("honest 10");
        }
        assertThat(memory.used()).isLessThanOrEqualTo(100);
    }

    @Test
    void whoLeavesWaitsNoMoreAndLetsTheNextOnesPass() {
        share("hog").want(50);
        share("big").want(25);
        DataMemory.Share impatient = share("impatient");
        share("filler").want(20);
        assertThat(impatient.want(10)).isFalse();
        assertThat(share("small").want(5)).isFalse();
        impatient.leave();
        assertThat(granted).containsExactly("small 5");
    }

    private DataMemory.Share share(String name) {
        return memory.share(bytes -> granted.add(name + " " + bytes));
    }
}
