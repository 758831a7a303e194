package io.sluice.agent.clone;

import io.sluice.agent.api.MigrationId;

/**
 * What a clone device's metadata is bound to, besides the devices' sizes: opening it for anything else is refused.
 *
 * @param sourceSerial identity of the source disk; at most 128 bytes of UTF-8
 */
public record CloneBinding(MigrationId migration, long epoch, String sourceSerial) {}
