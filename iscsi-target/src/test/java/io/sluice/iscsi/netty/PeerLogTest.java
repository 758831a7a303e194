package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerLogTest {

    private final AtomicLong clock = new AtomicLong();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = new LoggerContext().getLogger("peers");
    private final PeerLog log = new PeerLog(logger, clock::get);

    @BeforeEach
    void capture() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @Test
    void aPeerGetsSomeLinesAndThenOneNowAndThenThatTellsWhatWasLeftOut() throws Exception {
        for (int i = 0; i < PeerLog.BURST + 1000; i++) {
            log.warn(address(1)).log("noise");
        }
        assertThat(lines.list).hasSize(PeerLog.BURST);
        clock.addAndGet(PeerLog.NANOS_PER_LINE);
        log.info(address(1)).log("noise");
        log.info(address(1)).log("noise");
        assertThat(lines.list).hasSize(PeerLog.BURST + 1);
        assertThat(lines.list.getLast().getKeyValuePairs().toString())
                .contains("leftOut")
                .contains("1000");
    }

    @Test
    void anotherPeerIsNotAffected() throws Exception {
        for (int i = 0; i < PeerLog.BURST + 1; i++) {
            log.warn(address(1)).log("noise");
        }
        log.warn(address(2)).log("heard");
        assertThat(lines.list.getLast().getMessage()).isEqualTo("heard");
    }

    @Test
    void onlySoManyAddressesAreRemembered() throws Exception {
        for (int i = 0; i < PeerLog.BURST; i++) {
            log.warn(address(0)).log("noise");
        }
        for (int i = 1; i <= PeerLog.ADDRESSES; i++) {
            log.warn(address(i)).log("noise");
        }
        int before = lines.list.size();
        log.warn(address(0)).log("forgotten, so it starts anew");
        assertThat(lines.list).hasSize(before + 1);
    }

    private static InetAddress address(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
    }
}
