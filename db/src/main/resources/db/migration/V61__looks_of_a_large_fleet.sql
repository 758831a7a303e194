-- Whether any rate is given out is asked after each beginning and each end of a copy.
create index migration_volume_paced on migration_volume (migration)
    where live and (granted_bytes_per_second is not null or loose_bytes_per_second is not null);

-- The newest drains that ended are listed.
create index drain_closed on drain (created_at desc) where closed_at is not null;
