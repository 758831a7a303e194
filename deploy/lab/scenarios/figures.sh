# How long a database is down and how fast it is hydrated beside a plain dd from the same attached disk, several times, on idle guests

rounds=${FIGURES_ROUNDS:-2}
table=$LAB/run/figures
: >"$table"

fleet_up a b
workload_create a orders database 1G "${DATABASE_SCALE:-12}" "DATABASE_ADDRESS=$lab_database_address"
await_running a orders
step 'PostgreSQL runs on a; nobody uses it'

# megabytes a second of the first 192 MiB of the attached disk, past all caches; measured before the stop, for copying begins after it
plain_dd() {
  in_guest "$1" 'LC_ALL=C dd if=/dev/mapper/sluice-orders.source of=/dev/null bs=1M count=192 iflag=direct 2>&1' \
    | sed -nE 's/.* copied, ([0-9.]+) s.*/\1/p' | awk '{printf "%.1f", 192 * 1.048576 / $1}'
}

for round in $(seq "$rounds"); do
  for way in 'a b' 'b a'; do
    read -r from to <<<"$way"
    drain_to_state "$from" orders Ready
    dd=$(plain_dd "$to")
    release_hold
    await_drained "$drain"
    api GET "/migrations/$migration" | jq -r --arg dd "$dd" '
      (.history | map(select(.from == "Hydrating")) | .[0].millisInPrevious / 1000) as $hydrating
      | [.interruptionMs, $hydrating, (.progress.copiedBytes / 1000000 / $hydrating), ($dd | tonumber), .progress.copiedBytes,
         (.progress.allocatedBytes // 0)] | @tsv' >>"$table"
    expect_one_home orders "$to" orders
    expect_nothing_left a b
    uncordon "$from"
  done
  step "round $round of $rounds: there and back"
done

# interruption, hydration s, hydration MB/s, dd MB/s, copied, allocated
awk -F'\t' '{ printf "          interruption %d ms, hydration %.1f s at %.1f MB/s, dd %.1f MB/s (%.2f of it)%s\n", $1, $2, $3, $4, $3 / $4,
    ($6 > 0 ? sprintf(", copied %.3f of what is allocated", $5 / $6) : "") }' "$table"
sort -n "$table" | awk '{ ms[NR] = $1 } END { i = int(NR * 0.95 + 0.999); printf "          interruption p50 %d ms, p95 %d ms, of %d\n", ms[int((NR + 1) / 2)], ms[i], NR }'
expect_no_io_errors
expect_clean_filesystem a orders orders
step 'e2fsck is clean, no I/O error in any kernel log'
