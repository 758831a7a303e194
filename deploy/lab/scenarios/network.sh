# The network between source and destination fails in many ways in mid-hydration: reads wait, none fails, hydration completes

fleet_up a b
workload_create a ledger writer 160M 96
await_running a ledger
# so slowly that it lasts for all of it
ceiling_set worker/a/out 262144
drain=$(drain_start a)
until_true 300 'ledger has a migration' migration_exists ledger
migration=$(migration_of "$drain" ledger)
await_state "$migration" Hydrating
step 'ledger runs on b and hydrates from a, a quarter of a megabyte a second'

# The firewall stands on the bridge: nothing of the guests knows of it.
block() { in_network "${packaged[@]}" nft add rule bridge lab failures "$@" drop; }
unblock() { in_network "${packaged[@]}" nft flush chain bridge lab failures; }
in_network "${packaged[@]}" nft 'add table bridge lab; add chain bridge lab failures { type filter hook forward priority 0; }'

# goes_on WORDS: more is hydrated than when the network was whole last, and the workload has seen nothing but waiting
goes_on() {
  if ! migration_is "$migration" Hydrating; then lab_die "it was hydrated before everything was tried: give it more to copy"; fi
  until_true 600 "hydration goes on after: $1" hydration_passes "$migration" "$(hydrated_bytes "$migration")"
  workload_runs_on b ledger || lab_die "the workload did not live through: $1"
  expect_no_io_errors
  step "$1: hydration goes on, no read failed"
}

for seconds in 5 $([ -n "${LAB_SHORT:-}" ] || echo 30 300); do
  unplug a
  pause "$seconds"
  plug a
  goes_on "source unplugged for $seconds s"
done

block oifname tapa tcp dport 3260
expect 'ping works while the portal is blocked' in_guest b "ping -c 1 -W 10 $(guest_address a) >/dev/null"
pause 15
unblock
goes_on 'the portal blocked for 15 s while ping works'

if [ -z "${LAB_SHORT:-}" ]; then
  block iifname tapa
  pause 15
  unblock
  goes_on 'nothing comes from the source for 15 s, what goes to it arrives'

  block oifname tapa
  pause 15
  unblock
  goes_on 'nothing goes to the source for 15 s, what comes from it arrives'

  in_guest a 'tc qdisc add dev vec0 root netem loss 10%'
  pause 15
  in_guest a 'tc qdisc del dev vec0 root'
  goes_on 'every tenth packet of the source lost for 15 s'
fi

ceiling_remove worker/a/out
await_drained "$drain"
tell_migration "$migration"
echo "          longest times without a write, as the workload saw it: $(grep -h '^pause' "$LAB/run/b/share/journal-ledger" | cut -d' ' -f2 | sort -rn | head -n 5 | xargs) s"
expect_one_home ledger b ledger
expect_nothing_left a b
expect_records b ledger
expect_no_io_errors
expect_clean_filesystem b ledger ledger
step 'hydration completed, every acknowledged write is there, e2fsck is clean'
