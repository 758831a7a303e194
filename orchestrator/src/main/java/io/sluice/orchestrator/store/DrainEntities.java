package io.sluice.orchestrator.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Drains by JPA; every change is a statement of its own, so that times are the database's. */
interface DrainEntities extends JpaRepository<DrainEntity, String> {
    Optional<DrainEntity> findByWorkerAndOutcomeIsNull(String worker);

    List<DrainEntity> findAllByOrderByCreatedAtDesc();

    @Modifying(clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "update drain set cancel_requested_at = coalesce(cancel_requested_at, now())"
                    + " where id = :id and closed_at is null")
    int requestCancel(String id);

    @Modifying(clearAutomatically = true)
    @Query(nativeQuery = true, value = "update drain set evacuated_at = coalesce(evacuated_at, :at) where id = :id")
    int evacuated(String id, Instant at);

    @Modifying(clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value =
                    "update drain set evacuated_at = coalesce(evacuated_at, :at), drained_at = coalesce(drained_at, :at)"
                            + " where id = :id and closed_at is null and cancel_requested_at is null")
    int drained(String id, Instant at);

    @Modifying(clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "update drain set closed_at = now(), outcome = :outcome where id = :id and closed_at is null")
    int close(String id, String outcome);
}
