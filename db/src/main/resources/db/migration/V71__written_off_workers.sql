-- Workers that an operator says will not come back, and what they still hold of migrations that went on without them.

alter table worker
    add column written_off_at     timestamptz,
    add column written_off_by     text,
    add column written_off_reason text,
    add constraint written_off_by_somebody check ((written_off_at is null) = (written_off_by is null)
        and (written_off_at is null) = (written_off_reason is null));
comment on column worker.written_off_at is 'Since when an operator says that it does not come back: what waits for it alone goes on without it, '
    'and nothing lands on it. Null while it counts.';
comment on column worker.written_off_by is 'Who said so.';
comment on column worker.written_off_reason is 'Why, in words; may be empty.';

create table left_behind (
    worker    text not null references worker,
    migration text not null references migration on delete cascade,
    primary key (worker, migration)
);
comment on table left_behind is 'A migration that ended without a host that was written off, and that host. If it comes back it is told to clear away what '
    'it holds of it; the row goes once it has.';
