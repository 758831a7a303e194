# Six volumes in two pools leave one worker for two others, by both engines, and one of those is drained in the middle

# Where they may go decides the engine: b clones by its kernel, c by the portable engine, for it has directories alone. The same
# room in both, so that both get some.
LAB_POOL_CAPACITY=6G
lab_pools_of=([a]='thin files' [b]=thin [c]=files)
fleet_up a b c
sizes=(48 64 96 128 160 224)
workloads=()
for number in 1 2 3 4 5 6; do
  workloads+=("ledger$number")
  megabytes=${sizes[number - 1]} pool=thin
  if [ $((number % 2)) = 0 ]; then pool=files; fi
  WORKLOAD_POOL=$pool workload_create a "ledger$number" writer "${megabytes}M" $((megabytes / 2)) WRITER_RATE=5
done
for workload in "${workloads[@]}"; do await_running a "$workload"; done
step 'six workloads run on a, on volumes of 48 to 224 MiB, three in a thin pool and three in a directory'

# so slowly that there is a middle
ceiling_set worker/a/out $((2 << 20))
from_a=$(drain_start a '{"maxConcurrentPerSource": 4, "maxConcurrentPerDestination": 2}')
bound_for() { api GET "/drains/$from_a" | jq --arg to "$1" "[.migrations[] | select(.destination == \$to) | select(.state | IN($2))] | length"; }
in_the_middle() { [ "$(bound_for b '"Hydrating"')" -gt 0 ] && [ "$(bound_for b '"Planned", "Preparing", "Ready"')" -gt 0 ] && [ "$(bound_for c '"Hydrating"')" -gt 0 ]; }
until_true 120 'something hydrates on b and on c, and more is on its way to b' in_the_middle
before=$(api GET "/drains/$from_a" | jq -r '.migrations[] | select(.destination == "b") | "\(.workload) \(.state)"' | xargs)
from_b=$(drain_start b)
step "now b is drained too; of those bound for it: $before"

in_hand() { for workload in "${workloads[@]}"; do expect_at_most_one_home "$workload" "$workload"; done; }
ceiling_remove worker/a/out
in_hand
await_drained "$from_a"
await_drained "$from_b"
step 'a and b are drained: safe to power off'
for drain in "$from_a" "$from_b"; do
  api GET "/drains/$drain" | jq -r '.migrations[] | "          \(.workload) \(.source) → \(.destination) \(.state), attempt \(.attempt)"'
done
engines() { api GET '/migrations' | jq -r '[.items[] | select(.state == "Done") | .engine] | unique | join(" ")'; }
[ "$(engines)" = 'DM_CLONE PORTABLE' ] || lab_die "it is not the case to be shown: both engines; used were: $(engines)"

# a look at each guest serves for all volumes
declare -A seen
for guest in a b c; do seen[$guest]=$(look_at "$guest"); done
for workload in "${workloads[@]}"; do
  for guest in a b c; do
    status=$(workload_status "$guest" "$workload")
    wanted=stopped
    [ "$guest" != c ] || wanted=running
    [ "$status" = "$wanted" ] || lab_die "does not hold: $workload is $wanted on $guest; it is $status"
    ! grep -q "^volume $workload rw " <<<"${seen[$guest]}" || [ "$guest" = c ] || lab_die "does not hold: $guest has no writable copy of $workload"
  done
  grep -q "^volume $workload rw " <<<"${seen[c]}" || lab_die "does not hold: the writable copy of $workload is on c"
done
expect_nothing_left a b c
expect_no_io_errors
step 'c alone runs all six and has the only writable copies; nothing of a migration is left'

power_cut a
power_cut b
for workload in "${workloads[@]}"; do
  expect_records c "$workload" | sed 's/^/          /'
done
fleet_guests=(c)
for workload in "${workloads[@]}"; do
  expect 'it runs without a and b' workload_runs_on c "$workload"
  expect_clean_filesystem c "$workload" "$workload"
done
expect_no_io_errors
step 'a and b have no power any more: every acknowledged write is on c, e2fsck is clean'
