package io.sluice.iscsi.session;

/** A line of an answer to SendTargets (RFC 7143 §13.8, Appendix C): a name and {@code address:port,tag}. */
public record DiscoveredTarget(String name, String address) {}
