-- What ended is summed up once, so that telling how much was copied so far asks for what is open, not for all there ever was.
alter table migration_volume add column summed boolean not null default false;
comment on column migration_volume.summed is 'Whether it has ended and is part of copying_summed: nothing more is observed of it.';
create index migration_volume_not_summed on migration_volume (migration) where not summed;

create table copying_summed (
    single         boolean primary key default true check (single),
    hydrated_bytes bigint not null default 0,
    copied_bytes   bigint not null default 0
) with (fillfactor = 50);
insert into copying_summed default values;
comment on table copying_summed is 'Copying of all volumes whose row in migration_volume says that it is summed up; one row.';
