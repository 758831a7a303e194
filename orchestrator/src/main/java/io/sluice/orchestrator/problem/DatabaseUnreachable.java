package io.sluice.orchestrator.problem;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** What is answered where the database cannot be reached, and which failures say that it cannot. */
public final class DatabaseUnreachable {
    private static final String CODE = "DATABASE_UNREACHABLE";

    /** Answers come with this many seconds after which to try again (RFC 9110 §10.2.3). */
    public static final String RETRY_AFTER_SECONDS = "2";

    private DatabaseUnreachable() {}

    /**
     * Whether it, or what caused it, is about the connection and not about what was asked. What became of the transaction is then
     * unknown, which whoever asked must expect: every call may be repeated.
     */
    public static boolean saidBy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && aboutTheConnection(sql)) {
                return true;
            }
        }
        return false;
    }

    /** By PostgreSQL's codes (appendix A of its manual), and by the types in which the pool reports that it has none to give. */
    private static boolean aboutTheConnection(SQLException e) {
        if (e instanceof SQLTransientConnectionException
                || e instanceof SQLNonTransientConnectionException
                || e instanceof SQLRecoverableException) {
            return true;
        }
        String state = e.getSQLState();
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("57P")
                        // ended by idle_in_transaction_session_timeout
                        || state.equals("25P03")
                        // it has become a standby
                        || state.equals("25006")
                        || state.equals("53300"));
    }

    public static ProblemException exception(String reason) {
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, CODE, detail(reason), remedy());
    }

    public static Problem problem(String reason, @Nullable String instance) {
        return Problem.of(HttpStatus.SERVICE_UNAVAILABLE, CODE, detail(reason), remedy(), instance);
    }

    private static String detail(String reason) {
        return "this replica cannot reach the database and decides nothing: " + reason;
    }

    private static String remedy() {
        return "Ask another replica, or again in a moment: a call that was cut off may have been carried out, and may be repeated."
                + " If it lasts, see /actuator/health/readiness and the database.";
    }
}
