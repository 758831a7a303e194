package io.sluice.iscsi.session;

import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.login.Text;
import java.util.List;

/**
 * A session in the full feature phase. Immutable but for the buffers that data of writes is gathered in.
 *
 * @param tasks in order of arrival
 */
public record SessionState(
        SessionParameters parameters,
        Numbers numbers,
        Tasks tasks,
        List<AwaitedFunction> functions,
        Liveness liveness,
        TextProgress text,
        boolean closed) {

    /** Numbers next to be used or expected. */
    record Numbers(int statSn, int expCmdSn, int transferTag, long taskId) {}

    /**
     * What is known of the peer being there.
     *
     * @param heard since the last tick
     * @param pinged a NOP-In is not answered yet
     */
    record Liveness(boolean heard, boolean pinged) {}

    /**
     * A text exchange under way.
     *
     * @param received so far of a text from the initiator
     * @param unsent what is left of an answer to it
     * @param transferTag names the exchange while {@code unsent} is not empty
     */
    record TextProgress(Text received, Text unsent, int transferTag) {
        static final TextProgress NONE = new TextProgress(Text.EMPTY, Text.EMPTY, -1);
    }

    public SessionState {
        functions = List.copyOf(functions);
    }

    /** The state in which a login ends. */
    public static SessionState begun(LoginResult login) {
        return new SessionState(
                login.parameters(),
                new Numbers(login.nextStatSn(), login.expCmdSn(), 1, 1),
                Tasks.NONE,
                List.of(),
                new Liveness(true, false),
                TextProgress.NONE,
                false);
    }

    /** Commands under way. */
    public int commands() {
        return tasks.size();
    }
}
