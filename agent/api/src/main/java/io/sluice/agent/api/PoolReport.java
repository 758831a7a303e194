package io.sluice.agent.api;

/**
 * One pool as it stands.
 *
 * @param kind {@code directory}, {@code lvm-thin} or {@code lvm}
 * @param capacityBytes what the pool may hold
 * @param committedBytes exact sizes of all volumes in it, retired copies and incoming ones included, whether allocated or not
 * @param freeBytes what the medium under it has left right now
 */
public record PoolReport(PoolName name, String kind, long capacityBytes, long committedBytes, long freeBytes) {}
