-- What one replica does for all, and until when it is left to it. A replica that does not know of leases yet does it beside them,
-- which costs work and nothing else.

create table lease (
    chore      text primary key check (chore <> ''),
    holder     text        not null,
    held_until timestamptz not null
);
comment on table lease is 'Which replica does what one is enough for, the safety tick above all. A lease only schedules: versions, epochs and rounds fence.';
comment on column lease.holder is 'PID@HOST of the replica, and what is made anew at each of its starts.';
comment on column lease.held_until is 'Renewed with each tick; once it has passed, whoever comes first takes it.';
