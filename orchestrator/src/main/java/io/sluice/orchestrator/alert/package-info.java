/**
 * What the outside is told: alarms, and notices sent to webhooks from an outbox. Entries:
 * {@link io.sluice.orchestrator.alert.AlarmWatch}, {@link io.sluice.orchestrator.alert.Deliveries},
 * {@link io.sluice.orchestrator.alert.WebhookService}; {@link io.sluice.orchestrator.alert.Alarms} decides what is alarming (pure).
 * Must not know how anything is stored, nor who asks.
 */
@NullMarked
package io.sluice.orchestrator.alert;

import org.jspecify.annotations.NullMarked;
