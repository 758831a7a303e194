package io.sluice.iscsi.session;

import java.util.List;

/** Port: what an initiator gets to see. */
public interface TargetDiscovery {

    /** The targets that admit this initiator, in a stable order. */
    List<DiscoveredTarget> visibleTo(String initiator);
}
