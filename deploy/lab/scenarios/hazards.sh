# What makes dm-clone lose data by itself (discards, table order, failing metadata) is harmless with Sluice, and so is a golden image

# every table change that Sluice asks of the kernel is written down
LAB_AGENT_OPTIONS="${LAB_AGENT_OPTIONS:-} -Dsluice.log.devices=DEBUG"
fleet_up a b
for guest in a b; do in_guest "$guest" 'modprobe dm-flakey'; done
workload_create a ledger writer 128M 32
await_running a ledger
trim=$lab_programs/trim.py
in_guest a "python3 $trim prepare /mnt/ledger"
step 'ledger runs on a; on its filesystem lie blocks of deleted files, full of what nobody may see again'

# so slowly that it lasts for all of it
ceiling_set worker/a/out 262144
drain=$(drain_start a)
until_true 300 'ledger has a migration' migration_exists ledger
migration=$(migration_of "$drain" ledger)
await_state "$migration" Hydrating
in_guest b "python3 $trim write /mnt/ledger /lab/sums" | sed 's/^/          /' || lab_die 'does not hold: discards are refused while it hydrates'
migration_is "$migration" Hydrating || lab_die 'it was hydrated before anything could be discarded: give it more to copy'
step 'while it hydrates, the guest trims the filesystem again and again and writes synced files where the deleted ones lay'

# The disk of dm-clone's metadata fails: what LVM made of it answers every write, and later every access, with an error.
failing=$(in_guest b 'dmsetup table vg0-sluice--ledger.meta')
metadata_becomes() {
  in_guest b "dmsetup suspend --noflush --nolockfs vg0-sluice--ledger.meta
    dmsetup load vg0-sluice--ledger.meta --table '$1' && dmsetup resume vg0-sluice--ledger.meta"
}
reason_code() { api GET "/migrations/$migration" | jq -r .reason.code; }
reason_is() { [[ $(reason_code) == $1 ]]; }
mode() { in_guest b 'dmsetup status --noflush sluice-ledger.clone' | awk '{print $NF}'; }
mode_is() { [ "$(mode)" = "$1" ]; }
for failure in "flakey $(awk '{print $4, $5}' <<<"$failing") 0 86400 1 error_writes" error; do
  metadata_becomes "$(awk '{print $1, $2}' <<<"$failing") $failure"
  until_true 300 "the reason says that metadata fail" reason_is 'CLONE_METADATA_*'
  expect_at_most_one_home ledger ledger
  echo "          mode $(mode), reason $(reason_code)"
  metadata_becomes "$failing"
  until_true 300 'the clone works again' mode_is rw
  # what the operator is told to do: the workload saw errors
  workload_restart b ledger
  until_true 300 'the reason is gone' reason_is HYDRATING
  step "metadata failed (${failure%% *}), their disk was mended, the workload restarted: it goes on"
done
in_guest b 'dmesg -C'
ceiling_remove worker/a/out

await_drained "$drain"
tell_migration "$migration"
expect_one_home ledger b ledger
expect_nothing_left a b
in_guest b "python3 $trim check /mnt/ledger /lab/sums" | sed 's/^/          /'
expect_records b ledger
in_guest b "fstrim /mnt/ledger" || lab_die 'does not hold: a settled volume takes discards again'
step 'hydrated and settled: every synced file and every acknowledged write is there, and discards are taken again'

"${packaged[@]}" python3 "$lab_programs/tables.py" "$LAB"/run/?/share/agent.log | sed 's/^/          /' || lab_die 'does not hold: a table is loaded only into a suspended device'
step 'Sluice changed tables only as suspend, load, resume'
expect_no_io_errors
expect_clean_filesystem b ledger ledger
step 'e2fsck is clean'

# The golden image stays where it is; the volume over it goes, and with it all that it read from the image.
if [ "${lab_pools[0]}" = thin ]; then
  uncordon a
  WORKLOAD_POOL=golden workload_create a copied writer 64M 16
  await_running a copied
  [ "$(in_guest a 'lvs --noheadings -o origin vg0/copied' | tr -d ' ')" = copied.golden ] || lab_die 'copied is no volume over an external origin'
  drain=$(drain_start a)
  await_drained "$drain"
  tell_migration "$(migration_of "$drain" copied)"
  expect_one_home copied b copied
  expect_nothing_left a b
  expect_records b copied
  expect_clean_filesystem b copied copied
  step 'a thin volume over a golden image was drained to b, which has no such image: every record is there'
fi
