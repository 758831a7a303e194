package io.sluice.orchestrator.store;

import io.sluice.agent.api.VolumeId;
import io.sluice.orchestrator.fleet.Cargo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives out epochs: above every one given out for, and every one observed on, any copy of a cargo's volumes. */
final class Epochs {
    static final String GIVEN =
            "select subject, epoch from epoch_counter where subject = any(string_to_array(:subjects, ','))";

    private final Map<VolumeId, Long> observed;
    private final Map<String, Long> given;
    private final Map<String, Long> fresh = new HashMap<>();

    Epochs(Map<VolumeId, Long> observed, Map<String, Long> given) {
        this.observed = observed;
        this.given = given;
    }

    /** Under which epochs are counted: each volume, or the workload that has none. */
    static List<String> subjects(Cargo cargo) {
        return cargo.volumes().isEmpty()
                ? List.of("workload/" + cargo.name())
                : cargo.volumes().stream()
                        .map(volume -> "volume/" + volume.id())
                        .toList();
    }

    long fresh(Cargo cargo) {
        long newest = 0;
        for (Cargo.Volume volume : cargo.volumes()) {
            newest = Math.max(newest, Math.max(volume.epoch(), observed.getOrDefault(volume.id(), 0L)));
        }
        for (String subject : subjects(cargo)) {
            newest = Math.max(newest, Math.max(given.getOrDefault(subject, 0L), fresh.getOrDefault(subject, 0L)));
        }
        long epoch = newest + 1;
        subjects(cargo).forEach(subject -> fresh.put(subject, epoch));
        return epoch;
    }

    private record Counted(String subject, long epoch) {}

    /** Keeps what was given out, in the transaction that uses it. */
    void keep(JdbcClient sql, Json json) {
        List<Counted> counted = fresh.entrySet().stream()
                .map(entry -> new Counted(entry.getKey(), entry.getValue()))
                .toList();
        sql.sql("""
            insert into epoch_counter (subject, epoch)
            select c.subject, c.epoch from jsonb_to_recordset(:counted::jsonb) as c(subject text, epoch bigint)
            on conflict (subject) do update set epoch = excluded.epoch\
            """).param("counted", json.text(counted)).update();
    }
}
