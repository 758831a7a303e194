-- What becomes of the copies that sources keep: listed, deleted by policy, revocable.

create table retained_copy (
    migration    text        not null references migration on delete cascade,
    volume       text        not null,
    worker       text        not null references worker,
    epoch        bigint      not null,
    size_bytes   bigint      not null check (size_bytes > 0),
    retired_at   timestamptz not null default clock_timestamp(),
    deletable_at timestamptz,
    decision     text check (decision in ('KEEP', 'DELETE')),
    decided_at   timestamptz,
    decided_by   text,
    gone_at      timestamptz,
    primary key (migration, volume),
    check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null))
);
create unique index retained_copy_once on retained_copy (worker, volume, epoch);
create index retained_copy_to_delete on retained_copy (worker) where decision = 'DELETE' and gone_at is null;
create index retained_copy_by_time on retained_copy (deletable_at) where decision is null and gone_at is null;
comment on table retained_copy is 'A copy that the source of a migration kept, written with the commit that ends it. A host deletes it when it is told, '
    'and it is told only after that was decided here.';
comment on column retained_copy.epoch is 'The one the copy carries, below that of its migration.';
comment on column retained_copy.deletable_at is 'When policy deletes it; null where policy keeps it for good.';
comment on column retained_copy.decision is 'KEEP: an operator keeps it for good. DELETE: its worker is told to delete it; never taken back. Null: policy decides.';
comment on column retained_copy.decided_by is 'Who asked, or policy.';
comment on column retained_copy.gone_at is 'When its worker was first seen without it after it was told; null until then.';

create function deletion_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'the copy of % on % is being deleted: that cannot be taken back', old.volume, old.worker;
end $$;
create trigger deletion_is_final before update of decision on retained_copy for each row
    when (old.decision = 'DELETE' and new.decision is distinct from 'DELETE')
    execute function deletion_is_final();

alter table drain
    add column retain_seconds    bigint check (retain_seconds >= 0),
    add column keep_copies       boolean not null default false;
comment on column drain.retain_seconds is 'How long sources keep their copies; null is as the server is configured.';
comment on column drain.keep_copies is 'Whether they keep them for good.';
