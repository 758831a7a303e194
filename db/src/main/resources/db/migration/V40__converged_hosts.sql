-- A host that has read a spec need not have done yet what it asks: a lower rate holds only once it has.

alter table worker add column converged_generation bigint not null default 0;
comment on column worker.converged_generation is 'Newest generation of which a report said that nothing of it was left to do.';
comment on column migration_volume.loose_bytes_per_second is 'The highest earlier share its hosts may still keep to until one of them '
    'has done all that the generation asks with which the newest was given; null once that is past.';
