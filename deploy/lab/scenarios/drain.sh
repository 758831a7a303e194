# A workload that writes all the time is drained to another worker and back; every acknowledged write is there

fleet_up a b
workload_create a ledger writer 128M 48
await_running a ledger
step 'workload ledger runs on a: 48 MiB of records on ext4, a record written and synced every 50 ms'

for way in 'a b' 'b a'; do
  read -r from to <<<"$way"
  drain=$(drain_start "$from")
  await_drained "$drain"
  step "$from is drained: safe to power off"
  tell_migration "$(migration_of "$drain" ledger)"
  expect_one_home ledger "$to" ledger
  expect_nothing_left a b
  expect_records "$to" ledger
  step "$to alone runs it and has the only writable copy; nothing of the migration is left"
  uncordon "$from"
done
expect_no_io_errors
expect_clean_filesystem a ledger ledger
step 'e2fsck is clean, no I/O error in any kernel log'
