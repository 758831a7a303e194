package io.sluice.orchestrator.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessResourceFailureException;

class DatabaseUnreachableTest {
    @ParameterizedTest
    @CsvSource({
        "08006, true", // the connection broke
        "57P01, true", // ended by an administrator
        "57P03, true", // starting up
        "25P03, true", // idle in a transaction for too long
        "25006, true", // became a standby
        "57014, false", // one statement was cancelled
        "40001, false", // could not be serialized
        "23505, false" // not unique
    })
    void isSaidByWhatIsAboutTheConnection(String state, boolean said) {
        Throwable failure = new IllegalStateException(
                new DataAccessResourceFailureException("failed", new SQLException("because", state)));

        assertThat(DatabaseUnreachable.saidBy(failure)).isEqualTo(said);
    }

    @Test
    void isSaidByAPoolThatHasNoConnectionToGive() {
        assertThat(DatabaseUnreachable.saidBy(new SQLTransientConnectionException("request timed out after 10000ms")))
                .isTrue();
        assertThat(DatabaseUnreachable.saidBy(new IllegalStateException("a bug")))
                .isFalse();
    }
}
