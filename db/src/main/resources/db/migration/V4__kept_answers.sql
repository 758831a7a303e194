-- Answers are kept for a day, so that a call can be repeated without being done twice.

create table kept_answer (
    operator     text        not null,
    key          text        not null,
    request_hash text        not null check (length(request_hash) = 64),
    begun_at     timestamptz not null default now(),
    status       integer,
    content_type text,
    location     text,
    body         text,
    primary key (operator, key),
    check ((status is null) = (body is null))
);
create index kept_answer_by_age on kept_answer (begun_at);
comment on table kept_answer is 'Answers to calls that carried an Idempotency-Key: the same call again gets the same answer.';
comment on column kept_answer.operator is 'Whose key it is: keys of one operator mean nothing to another.';
comment on column kept_answer.request_hash is 'SHA-256 of method, path with query, and body, in hexadecimal.';
comment on column kept_answer.status is 'Null while the call is being answered.';
