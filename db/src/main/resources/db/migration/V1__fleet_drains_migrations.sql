-- The orchestrator's memory. Every time in it is this database's own (now(), clock_timestamp()): no host's clock is trusted.
-- What agents observed is kept apart from what was decided: host_report holds observations and is rebuilt by the next
-- report; worker (cordon, generation), drain, plan, migration and epoch_counter hold decisions.

-- ---------------------------------------------------------------------------------------------------------------- workers

create table worker (
    id                 text primary key check (id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    machine_id         text        not null unique check (machine_id <> ''),
    claim_hash         bytea       not null check (octet_length(claim_hash) = 32),
    credential_hash    bytea       not null unique check (octet_length(credential_hash) = 32),
    name               text        not null,
    region             text,
    zone               text,
    rack               text,
    labels             jsonb       not null default '{}',
    portal_host        text        not null check (portal_host <> ''),
    portal_port        integer     not null check (portal_port between 1 and 65535),
    initiator_name     text        not null check (initiator_name <> ''),
    dm_clone           boolean     not null,
    portable_clone     boolean     not null,
    cpu_millis         bigint      not null check (cpu_millis >= 0),
    memory_bytes       bigint      not null check (memory_bytes >= 0),
    agent_version      text        not null,
    cordoned           boolean     not null default false,
    registered_at      timestamptz not null default now(),
    last_seen          timestamptz,
    spec_generation    bigint      not null default 0 check (spec_generation >= 0),
    incarnation        bigint      not null default -1,
    sequence           bigint      not null default -1,
    applied_generation bigint      not null default 0
);
comment on table worker is 'A host that runs an agent: its identity, where it stands, and what was decided about it.';
comment on column worker.id is 'The worker''s name, or name-2, name-3 … when it was taken.';
comment on column worker.machine_id is 'Made by the agent at its first start; registration is idempotent by it.';
comment on column worker.claim_hash is 'SHA-256 of the secret made beside the machine id: the same machine id with another claim is refused.';
comment on column worker.credential_hash is 'SHA-256 of the bearer credential of every sync; the credential itself is never stored.';
comment on column worker.initiator_name is 'iSCSI InitiatorName; the only one an export made for this worker admits.';
comment on column worker.cordoned is 'The operator''s own cordon. A running drain cordons too, without touching this.';
comment on column worker.last_seen is 'When its last report arrived; null before the first.';
comment on column worker.spec_generation is 'Generation of what this host should hold; rises in the transaction that changes it.';
comment on column worker.incarnation is 'Of the newest report taken; with sequence it orders reports, an older one is dropped.';
comment on column worker.applied_generation is 'Generation the agent had taken up when it observed its newest report.';

-- ----------------------------------------------------------------------------------------------------- what was observed

create table host_report (
    worker      text primary key references worker on delete cascade,
    report      jsonb       not null,
    received_at timestamptz not null default now()
);
comment on table host_report is 'The newest report of each worker, whole: its pools, volumes and workloads are read from here.';

-- ------------------------------------------------------------------------------------------------------------------ drains

create table drain (
    id                            text primary key,
    worker                        text        not null references worker,
    actor                         text        not null,
    reason                        text        not null,
    max_concurrent_per_source      integer     not null check (max_concurrent_per_source >= 1),
    max_concurrent_per_destination integer     not null check (max_concurrent_per_destination >= 1),
    created_at                    timestamptz not null default now(),
    cancel_requested_at           timestamptz,
    evacuated_at                  timestamptz,
    drained_at                    timestamptz,
    closed_at                     timestamptz,
    outcome                       text check (outcome in ('DRAINED', 'CANCELLED')),
    check ((closed_at is null) = (outcome is null)),
    check (outcome <> 'DRAINED' or drained_at is not null),
    check (outcome <> 'CANCELLED' or cancel_requested_at is not null)
);
create unique index drain_open_once_per_worker on drain (worker) where closed_at is null;
comment on table drain is 'An operator''s wish to move everything off a worker. Whether it is done is computed from reports and migrations; '
    'the times below are milestones, written once when first observed.';
comment on column drain.evacuated_at is 'First time no workload ran on the worker.';
comment on column drain.drained_at is 'First time nothing depended on the worker any more: safe to power off.';
comment on column drain.closed_at is 'Null while the drain is open: an open drain cordons its worker. A drained one stays open, and so cordons, until the worker '
    'is uncordoned.';

create table plan (
    id         text primary key,
    drain      text        not null references drain,
    hash       text        not null,
    plan       jsonb       not null,
    created_at timestamptz not null default now()
);
create index plan_by_drain on plan (drain, created_at desc);
comment on table plan is 'Immutable plans; a drain has a newer one each time what was refused or aborted is placed anew.';

-- -------------------------------------------------------------------------------------------------------------- migrations

create table migration (
    id                     text primary key check (id ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    drain                  text        not null references drain,
    position               integer     not null,
    attempt                integer     not null check (attempt >= 1),
    cargo_name             text        not null,
    workload               text,
    workload_group         text,
    cargo                  jsonb       not null,
    source                 text        not null references worker,
    destination            text        not null references worker,
    pools                  text[]      not null,
    state                  text        not null check (state in ('Planned', 'Preparing', 'Ready', 'Stopping', 'Cloning', 'Starting',
                                                                 'Hydrating', 'Settling', 'Releasing', 'Aborting', 'Done', 'Aborted')),
    live                   boolean     not null generated always as (state not in ('Done', 'Aborted')) stored,
    version                bigint      not null default 0,
    epoch                  bigint      not null check (epoch >= 1),
    entered_at             timestamptz not null default clock_timestamp(),
    deadline_at            timestamptz,
    reason_code            text,
    reason_message         text,
    reason_remedy          text,
    reason_since           timestamptz,
    cause_code             text,
    cause_message          text,
    cause_remedy           text,
    intent                 text        not null default 'PROCEED' check (intent in ('PROCEED', 'HOLD', 'ABORT')),
    source_generation      bigint      not null default 0,
    destination_generation bigint      not null default 0,
    cutover_group          text,
    secrets                bytea,
    retain_seconds         bigint      not null check (retain_seconds >= 0),
    created_at             timestamptz not null default now(),
    stopping_at            timestamptz,
    running_at             timestamptz,
    ended_at               timestamptz,
    unique (id, live),
    check (source <> destination),
    check ((reason_code is null) = (reason_since is null)),
    check (cutover_group is null or state in ('Stopping', 'Cloning', 'Starting')),
    check (live = (ended_at is null)),
    constraint secrets_wiped_when_ended check (live or secrets is null)
);
create unique index migration_live_once_per_workload on migration (workload) where live and workload is not null;
create unique index migration_cutover_once_per_group on migration (cutover_group);
create index migration_live_by_source on migration (source) where live;
create index migration_live_by_destination on migration (destination) where live;
create index migration_live_by_group on migration (workload_group) where live and workload_group is not null;
create index migration_by_drain on migration (drain, position);
comment on table migration is 'One workload with all its volumes, or one volume alone, from source to destination. '
    'A state changes by compare-and-set on version and epoch, in one transaction with its event and both hosts'' generations.';
comment on column migration.epoch is 'Fencing epoch: above every earlier one of its volumes; the destination''s copies carry it.';
comment on column migration.source_generation is 'The source''s spec generation with which its present goal was committed: '
    'a report of an earlier generation describes the past and moves nothing.';
comment on column migration.cargo_name is 'The workload''s id, or the id of the volume that moves alone.';
comment on column migration.cargo is 'What moves: the workload''s definition and whether it ran, the volumes with their sizes, as planned. Never changes.';
comment on column migration.reason_code is 'What it waits for; null when nothing was noted since its state was entered.';
comment on column migration.cause_code is 'Why it was given up; null unless it was.';
comment on column migration.intent is 'What the operator wants of it; ABORT has effect while it is reversible.';
comment on column migration.cutover_group is 'The group whose members wait while this one is in its cutover; set only then.';
comment on column migration.secrets is 'One-time mutual CHAP secrets of its exports, AES-GCM under the server''s key; null once it has ended.';
comment on column migration.stopping_at is 'When Stopping was last committed; with running_at it gives the interruption.';
comment on column migration.running_at is 'When the workload was first observed running on the destination.';

create table migration_volume (
    migration          text    not null,
    live               boolean not null,
    volume             text    not null,
    ordinal            integer not null,
    source_pool        text    not null,
    destination_pool   text    not null,
    size_bytes         bigint  not null check (size_bytes > 0),
    block_bytes        integer not null check (block_bytes > 0),
    allocated_bytes    bigint check (allocated_bytes >= 0),
    region_bytes       integer,
    total_regions      bigint,
    hydrated_regions   bigint,
    copied_bytes       bigint,
    skipped_bytes      bigint,
    written_bytes      bigint,
    bytes_per_second   bigint,
    verified_regions   bigint,
    written_regions    bigint,
    hole_regions       bigint,
    mismatched_regions bigint,
    primary key (migration, volume),
    foreign key (migration, live) references migration (id, live) on update cascade on delete cascade
);
create unique index migration_volume_live_once on migration_volume (volume) where live;
comment on table migration_volume is 'The volumes of a migration, and what was last observed of their copying. '
    'A volume is in one live migration at most (migration_volume_live_once).';
comment on column migration_volume.live is 'Follows migration.live through the foreign key.';
comment on column migration_volume.hydrated_regions is 'Null until observed; unknown is not zero.';

create table migration_event (
    id                 bigint generated always as identity primary key,
    migration          text        not null references migration on delete cascade,
    drain              text        not null references drain,
    at                 timestamptz not null default clock_timestamp(),
    from_state         text,
    to_state           text        not null,
    version            bigint      not null,
    reason_code        text,
    reason_message     text,
    millis_in_previous bigint,
    unique (migration, version)
);
create index migration_event_by_drain on migration_event (drain, id);
comment on table migration_event is 'History: one row per commit of a migration. Its id is the cursor of a drain''s event stream.';

create table epoch_counter (
    subject text primary key check (subject ~ '^(volume|workload)/'),
    epoch   bigint not null check (epoch >= 1)
);
comment on table epoch_counter is 'Newest epoch given out per volume (volume/ID), and per workload (workload/ID) for those without volumes. Never falls.';

create function epoch_never_falls() returns trigger language plpgsql as $$
begin
    if new.epoch <= old.epoch then
        raise exception 'epoch of % may not fall from % to %', old.subject, old.epoch, new.epoch;
    end if;
    return new;
end $$;
create trigger epoch_never_falls before update on epoch_counter for each row execute function epoch_never_falls();

create function generation_never_falls() returns trigger language plpgsql as $$
begin
    raise exception 'spec generation of % may not fall from % to %', old.id, old.spec_generation, new.spec_generation;
end $$;
create trigger generation_never_falls before update of spec_generation on worker
    for each row when (new.spec_generation < old.spec_generation) execute function generation_never_falls();

create function forward_stays_forward() returns trigger language plpgsql as $$
begin
    raise exception 'migration % is past the point of no return: % may not become %', old.id, old.state, new.state;
end $$;
create trigger forward_stays_forward before update of state on migration for each row
    when (old.state in ('Starting', 'Hydrating', 'Settling', 'Releasing', 'Done')
          and new.state not in ('Starting', 'Hydrating', 'Settling', 'Releasing', 'Done'))
    execute function forward_stays_forward();
