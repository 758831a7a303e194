package io.sluice.iscsi.session;

import io.sluice.iscsi.login.LoginResult;
import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.login.Text;
import io.sluice.iscsi.pdu.InitiatorPdu;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session in the full feature phase. Immutable but for the buffers that data of writes is gathered in.
 *
 * @param tasks in order of arrival
 * @param early by CmdSN: requests that others come before
 */
public record SessionState(
        SessionParameters parameters,
        Numbers numbers,
        Tasks tasks,
        List<AwaitedFunction> functions,
        Map<Integer, Early> early,
        Memory memory,
        Liveness liveness,
        TextProgress text,
        boolean closed) {

    /** Numbers next to be used or expected. */
    record Numbers(int statSn, int expCmdSn, int transferTag, long taskId) {}

    /** A request that came before its turn, or only its number. */
    record Early(@Nullable InitiatorPdu request) {
        static final Early PLUG = new Early(null);
    }

    /**
     * Memory for data of commands.
     *
     * @param granted the session's to use
     * @param wanting more was asked for
     */
    record Memory(long granted, boolean wanting) {
        static final Memory NONE = new Memory(0, false);
    }

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
        early = Map.copyOf(early);
    }

    /** The state in which a login ends. */
    public static SessionState begun(LoginResult login) {
        return new SessionState(
                login.parameters(),
                new Numbers(login.nextStatSn(), login.expCmdSn(), 1, 1),
                Tasks.NONE,
                List.of(),
                Map.of(),
                Memory.NONE,
                new Liveness(true, false),
                TextProgress.NONE,
                false);
    }

    /** Whether data of writes is on its way from the initiator, or should be. */
    public boolean awaitsData() {
        for (Task task : tasks) {
            if (task.stage() instanceof Task.Stage.Soliciting || task.stage() instanceof Task.Stage.Unsolicited) {
                return true;
            }
        }
        return false;
    }

    /** Commands under way. */
    public int commands() {
        return tasks.size();
    }
}
