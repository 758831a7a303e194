-- What operators steer while drains run: when they may move, how urgent they are, and what was asked by whom.
-- Every new column has a default, so that a replica of the version before goes on making drains.

alter table drain
    add column mode            text        not null default 'MAINTENANCE' check (mode in ('MAINTENANCE', 'DECOMMISSION')),
    add column priority        integer     not null default 0 check (priority between -100 and 100),
    add column not_before      timestamptz,
    add column windows         text        not null default '',
    add column deadline_at     timestamptz,
    add column deadline_missed text        not null default 'ALARM' check (deadline_missed in ('PAUSE', 'ALARM')),
    add column paused_at       timestamptz;
comment on column drain.mode is 'MAINTENANCE: the worker comes back, uncordon gives it back as it was. DECOMMISSION: it does not; '
    'it is safe to power off once its retired copies are deleted too, and it stays cordoned.';
comment on column drain.priority is 'Where drains compete for room, the higher one begins first.';
comment on column drain.not_before is 'Nothing of it begins earlier; null is at once.';
comment on column drain.windows is 'When cutovers may begin, daily, as "22:00-04:00 Europe/Berlin", separated by commas; empty is at any time.';
comment on column drain.deadline_missed is 'What happens when deadline_at has passed: PAUSE begins nothing new, ALARM goes on and says that it is late.';
comment on column drain.paused_at is 'Since when an operator keeps it from beginning anything; null while it goes on.';

alter table migration add column forgiven boolean not null default false;
comment on column migration.forgiven is 'An operator asked to try its cargo again: that it was given up no longer counts.';

create table operator_action (
    id        bigint generated always as identity primary key,
    at        timestamptz not null default clock_timestamp(),
    actor     text        not null,
    action    text        not null,
    drain     text        not null references drain on delete cascade,
    migration text references migration on delete cascade,
    reason    text        not null default ''
);
create index operator_action_by_drain on operator_action (drain, id);
create index operator_action_by_migration on operator_action (migration) where migration is not null;
comment on table operator_action is 'Who asked what of a drain or one of its migrations, and why.';
