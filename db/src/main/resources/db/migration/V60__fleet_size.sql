-- For fleets of ten thousand workers: nothing that is asked often looks at a whole table.

-- A heartbeat changes a row of worker; room in its page keeps the indexes out of it.
alter table worker set (fillfactor = 70);
alter table host_report set (fillfactor = 70);

-- How often a cargo of a drain was tried.
create index migration_by_cargo on migration (drain, cargo_name);

-- What is alarming, waits for a ceiling or is being copied is among the live ones.
create index migration_live on migration (state) where live;

-- The newest migrations of all.
create index migration_by_time on migration (created_at desc, position desc);

-- What open drains there are, among all there ever were.
create index drain_open on drain (created_at desc) where closed_at is null;
