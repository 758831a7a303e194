/**
 * The copies that sources keep after a migration, and what becomes of them: deleted by policy, kept for good, or deleted at an
 * operator's word. Entry: {@link io.sluice.orchestrator.retention.RetentionService}. A copy is deleted only after that was decided
 * and written, by the database's clock; no host decides it. Must not know drains, HTTP or how anything is stored.
 */
@NullMarked
package io.sluice.orchestrator.retention;

import org.jspecify.annotations.NullMarked;
