# A drain is cancelled in each reversible state: the workload runs on the source again, nothing is left on the destination

fleet_up a b
workload_create a ledger writer 128M 32
await_running a ledger
step 'workload ledger runs on a'

for state in $(api GET /migration-states | jq -r '.items[] | select(.kind == "REVERSIBLE") | .state'); do
  case $state in
    Aborting)
      # cancelled once more while it is being given up
      drain_to_state a ledger Preparing
      hold_in Aborting
      api POST "/drains/$drain/cancel" >/dev/null
      release_hold Preparing
      await_state "$migration" Aborting
      api POST "/drains/$drain/cancel" >/dev/null
      ;;
    *)
      drain_to_state a ledger "$state"
      api POST "/drains/$drain/cancel" >/dev/null
      ;;
  esac
  release_hold
  await_cancelled "$drain"
  await_running a ledger
  expect_one_home ledger a ledger
  expect_no_copy b ledger
  expect_nothing_left a b
  step "cancelled in $state: a runs it, b has no volume, session, node record, device or metadata"
done
expect_records a ledger
expect_no_io_errors
expect_clean_filesystem a ledger ledger
step 'every acknowledged write is there, e2fsck is clean'
