package io.sluice.iscsi.netty;

import java.util.List;

/** What goes on at a target now, and what it has done since it was first served. */
public record TargetStatus(String name, List<SessionStatus> sessions, Traffic traffic) {}
