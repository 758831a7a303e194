-- How an agent drives the copying of a volume, as it said last. Null where it does not say, as with the portable engine.

alter table migration_volume add column pace jsonb;
comment on column migration_volume.pace is 'HydrationPaceReport: threshold and batch in regions, whether the workload is throttled, words.';
