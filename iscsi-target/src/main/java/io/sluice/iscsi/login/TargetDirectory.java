package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.Isid;
import org.jspecify.annotations.Nullable;

/** Port: the targets there are. */
public interface TargetDirectory {

    /** Who may log in to a target; null if there is none of that name. */
    @Nullable
    Admission admission(String targetName);

    /**
     * What a discovery session of this initiator is to prove, if it offers to prove anything: the admission of a target that admits
     * it and asks for CHAP, of one with this CHAP user if there is one. Anyone's when no such target asks for CHAP.
     */
    Admission discovery(String initiatorName, @Nullable String user);

    /** The session that an initiator port has with a target; null if it has none. */
    @Nullable
    OpenSession session(String targetName, String initiatorName, Isid isid);

    /** Whether the target takes one more session from this initiator (one that replaces a session counts as none). */
    boolean hasRoom(String targetName, String initiatorName);
}
