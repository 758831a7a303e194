-- Which engine makes the clone devices of a migration is decided by its plan. A server that does not know of it yet plans for the
-- portable one alone, which is the default.

alter table migration add column engine text not null default 'PORTABLE' check (engine in ('DM_CLONE', 'PORTABLE'));
comment on column migration.engine is 'What clones on the destination: Linux dm-clone, or the agent''s portable engine. Never changes.';
