/**
 * What this host can do, and what to do about what it cannot. {@link io.sluice.agent.check.HostProbe}, the entry, looks;
 * {@link io.sluice.agent.check.HostAbilities} judges and is pure. Knows nothing of migrations, and changes nothing but that it has the
 * kernel load modules.
 */
@NullMarked
package io.sluice.agent.check;

import org.jspecify.annotations.NullMarked;
