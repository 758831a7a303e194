# The network between source and destination fails in many ways in mid-hydration: reads wait, none fails, hydration completes

# c is away for five minutes; meanwhile everything that is shorter happens to a. Both go to b.
sources=(a)
[ -n "${LAB_SHORT:-}" ] || sources=(a c)
fleet_up "${sources[@]}" b
declare -A migration_of_source drain_of_source
for source in "${sources[@]}"; do
  workload_create "$source" "ledger-$source" writer 160M 96
  await_running "$source" "ledger-$source"
  # so slowly that it lasts for all of it
  ceiling_set "worker/$source/out" 262144
done
# together: what leaves one must not land on the other
while read -r source drain; do
  drain_of_source[$source]=$drain
done < <(api POST /drains "$(jq -nc '{workers: $ARGS.positional}' --args "${sources[@]}")" | jq -r '.items[] | "\(.worker) \(.id)"')
for source in "${sources[@]}"; do
  drain=${drain_of_source[$source]}
  until_true 300 "ledger-$source has a migration" migration_exists "ledger-$source"
  migration_of_source[$source]=$(migration_of "$drain" "ledger-$source")
  await_state "${migration_of_source[$source]}" Hydrating
done
step "b hydrates from ${sources[*]}, a quarter of a megabyte a second from each"

# The firewall stands on the bridge: nothing of the guests knows of it.
block() { in_network "${packaged[@]}" nft add rule bridge lab failures "$@" drop; }
unblock() { in_network "${packaged[@]}" nft flush chain bridge lab failures; }
in_network "${packaged[@]}" nft 'add table bridge lab; add chain bridge lab failures { type filter hook forward priority 0; }'

# goes_on SOURCE WORDS: more is hydrated than when the network was whole last, and the workload has seen nothing but waiting
goes_on() {
  local migration=${migration_of_source[$1]}
  if ! migration_is "$migration" Hydrating; then lab_die "it was hydrated before everything was tried: give it more to copy"; fi
  until_true 600 "hydration goes on after: $2" hydration_passes "$migration" "$(hydrated_bytes "$migration")"
  workload_runs_on b "ledger-$1" || lab_die "the workload did not live through: $2"
  expect_no_io_errors
  step "$2: hydration goes on, no read failed"
}

if [ -z "${LAB_SHORT:-}" ]; then
  unplug c
  unplugged=$SECONDS
fi
for seconds in 5 $([ -n "${LAB_SHORT:-}" ] || echo 30); do
  unplug a
  pause "$seconds"
  plug a
  goes_on a "source unplugged for $seconds s"
done

iscsid_kill b stop
unplug a
iscsid_back b
plug a
goes_on a "iscsid of the destination dead and the source unplugged, until the agent started it"

block oifname tapa tcp dport 3260
expect 'ping works while the portal is blocked' in_guest b "ping -c 1 -W 10 $(guest_address a) >/dev/null"
pause 15
unblock
goes_on a 'the portal blocked for 15 s while ping works'

if [ -z "${LAB_SHORT:-}" ]; then
  block iifname tapa
  pause 15
  unblock
  goes_on a 'nothing comes from the source for 15 s, what goes to it arrives'

  block oifname tapa
  pause 15
  unblock
  goes_on a 'nothing goes to the source for 15 s, what comes from it arrives'

  in_guest a 'tc qdisc add dev vec0 root netem loss 10%'
  pause 15
  in_guest a 'tc qdisc del dev vec0 root'
  goes_on a 'every tenth packet of the source lost for 15 s'

  while [ $((SECONDS - unplugged)) -lt 300 ]; do pause 1; done
  plug c
  goes_on c "the other source unplugged for $((SECONDS - unplugged)) s, all that time"
fi

for source in "${sources[@]}"; do ceiling_remove "worker/$source/out"; done
for source in "${sources[@]}"; do
  workload=ledger-$source
  await_drained "${drain_of_source[$source]}"
  tell_migration "${migration_of_source[$source]}"
  echo "          longest times without a write, as the workload saw it: $(grep -h '^pause' "$LAB/run/b/share/journal-$workload" | cut -d' ' -f2 | sort -rn | head -n 5 | xargs) s"
  expect_one_home "$workload" b "$workload"
  expect_records b "$workload"
done
expect_nothing_left "${sources[@]}" b
expect_no_io_errors
for source in "${sources[@]}"; do expect_clean_filesystem b "ledger-$source" "ledger-$source"; done
step 'hydration completed, every acknowledged write is there, e2fsck is clean'
