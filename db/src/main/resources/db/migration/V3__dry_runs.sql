-- Dry runs are kept for a day, so that exactly one can be executed.

create table proposal (
    id      text primary key,
    hash    text        not null,
    orders  jsonb       not null,
    plans   jsonb       not null,
    made_at timestamptz not null default now(),
    drains  text[]      not null default '{}'
);
create index proposal_by_age on proposal (made_at);
comment on table proposal is 'Dry runs, for a day. Nothing is reserved by them.';
comment on column proposal.drains is 'What its execution began; empty until then. A second execution answers with the same.';
