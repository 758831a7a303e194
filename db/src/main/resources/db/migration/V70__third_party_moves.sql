-- What a drain may move that is not on its worker, and what it moved.

alter table drain
    add column third_party_volumes integer check (third_party_volumes >= 0),
    add column third_party_bytes   bigint  check (third_party_bytes >= 0),
    add check ((third_party_volumes is null) = (third_party_bytes is null));
comment on column drain.third_party_volumes is 'So many volumes on other workers it may move to make room; null while it was never permitted any, 0 once that was taken back.';
comment on column drain.third_party_bytes is 'The sizes of these together at most.';

alter table migration add column makes_room_for text;
comment on column migration.makes_room_for is 'The cargo for whose sake it moves something that is not on the drained worker; null where it moves what is. Its source keeps no copy.';

create index migration_third_party on migration (drain) where live and makes_room_for is not null;
