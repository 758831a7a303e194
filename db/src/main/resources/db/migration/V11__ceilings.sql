-- Ceilings that operators set, and the rates that follow from them.

create table ceiling (
    scope            text    not null check (scope in ('WORKER', 'RACK', 'ZONE', 'REGION', 'FLEET')),
    name             text    not null check (name <> '' and (scope <> 'FLEET' or name = '*')),
    direction        text    not null check (direction in ('IN', 'OUT')),
    max_migrations   integer check (max_migrations >= 0),
    bytes_per_second bigint  check (bytes_per_second >= 65536),
    primary key (scope, name, direction),
    check (max_migrations is not null or bytes_per_second is not null)
);
comment on table ceiling is 'How much may go into or out of a worker, rack, zone, region or the fleet at once; null is no ceiling. '
    'The name * stands for each of its scope that has no ceiling of its own.';
comment on column ceiling.max_migrations is 'Migrations that have begun and not ended; 0 lets none begin.';

create table setting_change (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default clock_timestamp(),
    actor   text        not null,
    subject text        not null,
    before  jsonb,
    after   jsonb
);
comment on table setting_change is 'Who changed which setting when, written with the change itself; null is a setting that was not there.';

-- Every round of pacing takes the next number first; what an earlier round still wants to write is then refused.
create table pacing_round (
    single boolean primary key default true check (single),
    number bigint  not null default 0
);
insert into pacing_round default values;
comment on table pacing_round is 'One row: the fence between replicas that give out rates.';

alter table migration_volume
    add column granted_bytes_per_second   bigint check (granted_bytes_per_second >= 0),
    add column loose_bytes_per_second     bigint,
    add column paced_source_generation      bigint not null default 0,
    add column paced_destination_generation bigint not null default 0;
comment on column migration_volume.granted_bytes_per_second is 'Share of the ceilings on its way, as its hosts'' specs say; null is no ceiling, '
    '0 holds background copying back until a share is given.';
comment on column migration_volume.loose_bytes_per_second is 'The highest earlier share its hosts may still keep to until one of them '
    'has taken up the generation with which the newest was given; null once that is past.';
