# The record of what a workload writes fails (dm-era's metadata): copying goes on, the workload writes on, and the volume is held unverified

fleet_up a b
workload_create a ledger writer 128M 32
await_running a ledger
# so slowly that there is time for all of it
ceiling_set worker/a/out 262144
drain=$(drain_start a)
until_true 300 'ledger has a migration' migration_exists ledger
migration=$(migration_of "$drain" ledger)
await_state "$migration" Hydrating
until_true 120 'some of it is copied' hydration_passes "$migration" 1048576
step 'ledger is on its way from a to b, and runs there'

reason() { api GET "/migrations/$migration" | jq -r '.reason | "\(.code) \(.message)"'; }
reason_is() { [[ $(reason) == $1 ]]; }
target() { in_guest b "dmsetup table sluice-ledger.$1" | awk '{print $3}'; }
passed_by() { [ "$(target era)" = linear ]; }
working=$(in_guest b 'dmsetup table vg0-sluice--ledger.era')
era_disk_becomes() {
  in_guest b "dmsetup suspend --noflush --nolockfs vg0-sluice--ledger.era
    dmsetup load vg0-sluice--ledger.era --table '$1' && dmsetup resume vg0-sluice--ledger.era"
}
[ "$(target era)" = era ] || lab_die 'it is not the case to be shown: dm-era lies below the disk'
era_disk_becomes "$(awk '{print $1, $2}' <<<"$working") error"
until_true 120 'dm-era is out of the way' passed_by
until_true 120 'the reason says so' reason_is 'WRITTEN_SET_FAILED *'
reason | fold -s -w 120 | sed 's/^/          /'
expect_at_most_one_home ledger ledger
# what the operator is told to do: the workload may have seen errors
workload_restart b ledger
step 'the disk of dm-era fails: the agent has taken dm-era out of the way, and the workload was restarted'

before=$(hydrated_bytes "$migration")
era_disk_becomes "$working"
ceiling_remove worker/a/out
until_true 120 'copying goes on, as fast as it may' hydration_passes "$migration" "$((before + 1048576))"
expect 'ledger runs and writes on b' workload_runs_on b ledger
await_state "$migration" Settling
until_true 120 'it is held before it is verified' reason_is 'WRITTEN_SET_FAILED *'
migration_is "$migration" Settling || lab_die 'does not hold: what was written cannot be told, so it does not settle'
[ "$(target clone)" = clone ] || lab_die 'does not hold: the volume stays on its clone device'
look_at a | grep -q '^volume ledger ' || lab_die 'does not hold: the copy on the source is kept'
expect_records b ledger
step 'its disk is well again: all is copied, no acknowledged write is lost, and the volume is held, both copies kept'
