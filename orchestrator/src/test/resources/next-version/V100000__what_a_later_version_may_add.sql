-- Not part of the product: what a migration of some later version may look like. A replica of this version must go on beside it.

alter table worker add column colour text;
alter table migration add column later_default integer not null default 7 check (later_default > 0);
alter table migration_volume add column later_words jsonb not null default '{}';
create table later (
    migration text primary key references migration on delete cascade,
    noted_at  timestamptz not null default now()
);
create index migration_later on migration (later_default, id);
create function later_noted() returns trigger language plpgsql as $$
begin
    insert into later (migration) values (new.id) on conflict do nothing;
    return null;
end $$;
create trigger later_noted after update on migration for each row execute function later_noted();
