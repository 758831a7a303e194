package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.fleet.Sighting;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.LeftBehind;
import io.sluice.orchestrator.migration.Limits;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Room;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Steering;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a decision on a migration is made from, in PostgreSQL: its row, its hosts, and what stands in its way. */
final class SituationReader {
    /** Whether the worker d takes something new. */
    static final String OPEN =
            "not d.cordoned and d.written_off_at is null and not exists (select from drain o where o.worker = d.id and o.closed_at is null)";

    private static final String SITUATION =
            "select " + MigrationRows.COLUMNS + """
            , s.spec_generation as source_now, s.last_seen as source_seen, sr.received_at as source_received,
              s.written_off_at is not null as source_written_off, d.written_off_at is not null as destination_written_off,
              d.spec_generation as destination_now, d.last_seen as destination_seen, dr.received_at as destination_received,
            """ + OPEN + """
             as destination_open,
              r.max_concurrent_per_source as per_source, r.max_concurrent_per_destination as per_destination,
            """ + Steerings.COLUMNS + """
            , s.region, s.zone, s.rack, d.region as to_region, d.zone as to_zone, d.rack as to_rack,
              m.state = 'Planned' and exists (select from ceiling where max_migrations is not null) as admitted,
              clock_timestamp() as read_at
            from migration m
            join drain r on r.id = m.drain
            join worker s on s.id = m.source
            join worker d on d.id = m.destination
            left join host_report sr on sr.worker = m.source
            left join host_report dr on dr.worker = m.destination
            """;

    private static final String CUTOVERS_FIRST =
            " order by m.state in ('Stopping', 'Cloning', 'Starting') desc, m.created_at, m.position, m.id";

    /**
     * Live migrations that may stand in the way of others: those that hold a slot of one of these sources, those towards one of
     * these destinations, those of one of these groups. Lists are text, for one statement to be prepared once.
     */
    private static final String NEIGHBOURS = "select " + MigrationRows.COLUMNS + """
            , r.priority
            from migration m
            join drain r on r.id = m.drain
            where m.live and (m.source = any(string_to_array(:sources, ',')) and m.state <> 'Planned'
                or m.destination = any(string_to_array(:destinations, ','))
                or m.workload_group = any(string_to_array(:groups, ',')))""";

    private final JdbcClient sql;
    private final MigrationRows rows;
    private final Reports reports;
    private final SqlCeilings ceilings;
    private final Limits limits;

    SituationReader(JdbcClient sql, MigrationRows rows, Reports reports, SqlCeilings ceilings, Duration lostAfter) {
        this.sql = sql;
        this.rows = rows;
        this.reports = reports;
        this.ceilings = ceilings;
        this.limits = new Limits(
                Limits.DEFAULT.perSource(),
                Limits.DEFAULT.perDestination(),
                lostAfter,
                Limits.DEFAULT.deadlines(),
                Steering.NONE);
    }

    /** Each situation is one statement, thus one snapshot; its neighbours are read after it. */
    @Nullable
    Situation of(MigrationId migration) {
        List<Situation> found = read(sql.sql(SITUATION + "where m.id = :id").param("id", migration.value()));
        return found.isEmpty() ? null : found.getFirst();
    }

    List<Situation> of(WorkerId worker) {
        return read(sql.sql(SITUATION + "where m.live and :worker in (m.source, m.destination)" + CUTOVERS_FIRST)
                .param("worker", worker.value()));
    }

    List<Situation> underWay(WorkerId worker) {
        return read(sql.sql(SITUATION + "where m.live and m.state <> 'Planned' and :worker in (m.source, m.destination)"
                        + CUTOVERS_FIRST)
                .param("worker", worker.value()));
    }

    List<Situation> planned(WorkerId worker, int skip, int limit) {
        return read(sql.sql(SITUATION + """
            where m.live and m.state = 'Planned' and :worker in (m.source, m.destination)
            order by r.priority desc, m.created_at, m.position, m.id offset :skip limit :limit\
            """)
                .param("worker", worker.value())
                .param("skip", skip)
                .param("limit", limit));
    }

    private record Named(Migration migration, WorkerId host, OffsetDateTime received) {}

    /** Those that are named to their host, of which the newest report was made after it had taken that up. */
    List<LeftBehind> leftBehind() {
        List<Named> named = sql.sql(
                        "select " + MigrationRows.COLUMNS + """
            , w.id as host, h.received_at
            from left_behind l join migration m on m.id = l.migration join worker w on w.id = l.worker
            join host_report h on h.worker = w.id
            where w.applied_generation >= w.spec_generation\
            """ + " and " + SqlHostStore.NAMED + " order by w.id, m.id")
                .query((row, number) -> new Named(
                        rows.read(row),
                        new WorkerId(row.getString("host")),
                        Objects.requireNonNull(Reports.received(row, "received_at"))))
                .list();
        Map<WorkerId, OffsetDateTime> received = new HashMap<>();
        named.forEach(one -> received.put(one.host(), one.received()));
        Map<WorkerId, HostReport> known = reports.of(received);
        return named.stream()
                .map(one -> new LeftBehind(one.migration(), one.host(), Objects.requireNonNull(known.get(one.host()))))
                .toList();
    }

    private List<Situation> read(JdbcClient.StatementSpec statement) {
        List<Read> read = statement.query((row, number) -> read(row)).list();
        return read.isEmpty() ? List.of() : situations(read);
    }

    /** Ceilings are looked up only where something may begin and there are any. */
    private List<Situation> situations(List<Read> read) {
        Neighbours neighbours = neighbours(read.stream().map(Read::migration).toList());
        Map<WorkerId, OffsetDateTime> received = new HashMap<>();
        read.forEach(one -> {
            one.source().into(received);
            one.destination().into(received);
        });
        Map<WorkerId, HostReport> known = reports.of(received);
        List<Situation> situations =
                read.stream().map(one -> one.with(neighbours, known)).toList();
        if (read.stream().allMatch(one -> one.path().isEmpty())) {
            return situations;
        }
        Ceilings set = ceilings.ceilings();
        Map<Link, Integer> taken = ceilings.taken();
        return IntStream.range(0, read.size())
                .mapToObj(i -> situations.get(i).with(Room.of(read.get(i).path(), set, taken)))
                .toList();
    }

    /** Slots matter to what has not begun, and members of its group to whoever has one: for anything else nothing is asked. */
    private Neighbours neighbours(List<Migration> of) {
        Neighbours neighbours = new Neighbours();
        List<Migration> planned = of.stream()
                .filter(one -> one.state() == MigrationState.Reversible.PLANNED)
                .toList();
        if (planned.isEmpty() && of.stream().allMatch(one -> one.cargo().group() == null)) {
            return neighbours;
        }
        sql.sql(NEIGHBOURS)
                .param("sources", list(planned.stream().map(one -> one.source().value())))
                .param(
                        "destinations",
                        list(planned.stream().map(one -> one.destination().value())))
                .param(
                        "groups",
                        list(of.stream().map(one -> one.cargo().group()).filter(Objects::nonNull)))
                .query((RowCallbackHandler) row -> neighbours.add(rows.read(row), row.getInt("priority")));
        return neighbours;
    }

    /** Ids and groups hold no comma. */
    private static String list(Stream<String> values) {
        return values.distinct().collect(Collectors.joining(","));
    }

    /** A host as a row names it; its report is known by when it was received. */
    private record Seen(
            WorkerId worker, @Nullable Instant at, @Nullable OffsetDateTime received) {
        void into(Map<WorkerId, OffsetDateTime> receivedOf) {
            if (received != null) {
                receivedOf.put(worker, received);
            }
        }

        @Nullable
        Sighting sighting(Map<WorkerId, HostReport> reports) {
            HostReport report = reports.get(worker);
            return at == null || report == null ? null : new Sighting(report, at);
        }
    }

    /** A situation but for its neighbours and what its hosts reported. */
    private record Read(
            Migration migration,
            Instant now,
            Seen source,
            Seen destination,
            Generations generations,
            boolean destinationOpen,
            Limits limits,
            Collection<Link> path,
            Set<WorkerId> writtenOff) {

        Situation with(Neighbours neighbours, Map<WorkerId, HostReport> reports) {
            return new Situation(
                    migration,
                    now,
                    source.sighting(reports),
                    destination.sighting(reports),
                    generations,
                    destinationOpen,
                    neighbours.of(migration),
                    limits.steered(limits.steering().withPriorities(neighbours.priorities())),
                    List.of(),
                    writtenOff);
        }
    }

    private Read read(ResultSet row) throws SQLException {
        Migration migration = rows.read(row);
        return new Read(
                migration,
                Json.requireInstant(row, "read_at"),
                seen(row, "source", migration.source()),
                seen(row, "destination", migration.destination()),
                new Generations(row.getLong("source_now"), row.getLong("destination_now")),
                row.getBoolean("destination_open"),
                limits.withConcurrency(row.getInt("per_source"), row.getInt("per_destination"))
                        .steered(Steerings.read(row)),
                row.getBoolean("admitted") ? path(row, migration) : List.of(),
                writtenOff(row, migration));
    }

    private static Set<WorkerId> writtenOff(ResultSet row, Migration migration) throws SQLException {
        Set<WorkerId> writtenOff = new HashSet<>();
        if (row.getBoolean("source_written_off")) {
            writtenOff.add(migration.source());
        }
        if (row.getBoolean("destination_written_off")) {
            writtenOff.add(migration.destination());
        }
        return writtenOff;
    }

    private static Collection<Link> path(ResultSet row, Migration migration) throws SQLException {
        return Link.path(
                migration.source(),
                new Location(row.getString("region"), row.getString("zone"), row.getString("rack")),
                migration.destination(),
                new Location(row.getString("to_region"), row.getString("to_zone"), row.getString("to_rack")));
    }

    private static Seen seen(ResultSet row, String side, WorkerId worker) throws SQLException {
        return new Seen(worker, Json.instant(row, side + "_seen"), Reports.received(row, side + "_received"));
    }
}
