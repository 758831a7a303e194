package io.sluice.orchestrator.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Drains by JPA; every change is a statement of its own, so that times are the database's. */
interface DrainEntities extends JpaRepository<DrainEntity, String> {
    /** Both by the condition of the index over open drains, so that those closed cost nothing. */
    String OPEN = "select * from drain where worker = :worker and closed_at is null";

    String SHOWN = """
            (select * from drain where closed_at is null)
            union all (select * from drain where closed_at is not null order by created_at desc limit :ended)
            order by created_at desc""";

    @Query(nativeQuery = true, value = OPEN)
    Optional<DrainEntity> findOpen(String worker);

    @Query(nativeQuery = true, value = SHOWN)
    List<DrainEntity> findShown(int ended);

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
