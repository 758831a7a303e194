package io.sluice.iscsi.login;

import org.jspecify.annotations.Nullable;

/** Port: the targets there are. */
public interface TargetDirectory {

    /** Who may log in to a target; null if there is none of that name. */
    @Nullable
    Admission admission(String targetName);

    /** Whether the target takes one more session from this initiator (one that replaces a session counts as none). */
    boolean hasRoom(String targetName, String initiatorName);
}
