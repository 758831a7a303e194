-- What is told to the outside: alarms, milestones, and the outbox from which webhooks are sent. What is told is written by triggers, so
-- that it is in the same transaction as what it tells, whoever writes that.

create table alarm (
    kind    text        not null,
    subject text        not null,
    since   timestamptz not null default now(),
    message text        not null,
    remedy  text        not null,
    primary key (kind, subject)
);
comment on table alarm is 'What is alarming right now; a row goes when it is over.';

create table webhook (
    id            text primary key,
    url           text        not null,
    kinds         text[],
    key_id        text        not null,
    secret        bytea       not null,
    enabled       boolean     not null default true,
    created_at    timestamptz not null default now(),
    created_by    text        not null,
    lease_number  bigint      not null default 0,
    leased_until  timestamptz not null default '-infinity',
    failing_since timestamptz,
    last_error    text
);
comment on table webhook is 'Where notices are sent. Its secret is sealed with the server''s key and signs every delivery.';
comment on column webhook.kinds is 'Only notices of these kinds, or of kinds that begin with one of them and a dot; null is all.';
comment on column webhook.lease_number is 'Raised by the replica that sends next; what an earlier one still wants to record is refused.';

create table notice (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default clock_timestamp(),
    kind    text        not null,
    subject text        not null,
    body    jsonb       not null
);
create index notice_by_time on notice (at);
comment on table notice is 'Something that happened and is told; kept for thirty days.';

create table delivery (
    webhook      text        not null references webhook on delete cascade,
    notice       bigint      not null references notice on delete cascade,
    attempts     integer     not null default 0,
    next_at      timestamptz not null default now(),
    delivered_at timestamptz,
    dead_at      timestamptz,
    error        text,
    primary key (webhook, notice)
);
create index delivery_pending on delivery (webhook, notice) where delivered_at is null and dead_at is null;
comment on table delivery is 'The outbox: one row for each webhook that a notice goes to. A webhook gets its notices in the order of their ids; the next '
    'one waits until the one before was delivered or given up (dead_at).';

create function notice_to_webhooks() returns trigger language plpgsql as $$
begin
    insert into delivery (webhook, notice)
    select w.id, new.id from webhook w
    where w.enabled and (w.kinds is null or exists (
        select from unnest(w.kinds) k where new.kind = k or starts_with(new.kind, k || '.')));
    return null;
end $$;
create trigger notice_to_webhooks after insert on notice for each row when (new.kind <> 'test')
    execute function notice_to_webhooks();

create function alarm_told() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into notice (kind, subject, body) values ('alarm.raised', new.subject, jsonb_build_object(
            'alarm', new.kind, 'since', new.since, 'message', new.message, 'remedy', new.remedy));
    else
        insert into notice (kind, subject, body) values ('alarm.cleared', old.subject, jsonb_build_object(
            'alarm', old.kind, 'since', old.since, 'message', old.message));
    end if;
    return null;
end $$;
create trigger alarm_told after insert or delete on alarm for each row execute function alarm_told();

create function drain_told() returns trigger language plpgsql as $$
declare
    told jsonb := jsonb_build_object('drain', new.id, 'worker', new.worker, 'actor', new.actor, 'reason', new.reason);
begin
    if tg_op = 'INSERT' then
        insert into notice (kind, subject, body) values ('drain.started', new.id, told);
        return null;
    end if;
    if old.evacuated_at is null and new.evacuated_at is not null then
        insert into notice (kind, subject, body)
        values ('drain.evacuated', new.id, told || jsonb_build_object('evacuatedAt', new.evacuated_at));
    end if;
    if old.drained_at is null and new.drained_at is not null then
        insert into notice (kind, subject, body)
        values ('drain.drained', new.id, told || jsonb_build_object('drainedAt', new.drained_at));
    end if;
    if old.cancel_requested_at is null and new.cancel_requested_at is not null then
        insert into notice (kind, subject, body) values ('drain.cancelling', new.id, told);
    end if;
    if old.closed_at is null and new.closed_at is not null then
        insert into notice (kind, subject, body)
        values ('drain.closed', new.id, told || jsonb_build_object('outcome', new.outcome));
    end if;
    return null;
end $$;
create trigger drain_told after insert or update on drain for each row execute function drain_told();
