# How long a database is down and how fast it is hydrated beside a plain dd from the same attached disk, several times, on idle guests

rounds=${FIGURES_ROUNDS:-2}
table=$LAB/run/figures
: >"$table"

fleet_up a b
workload_create a orders database 1G "${DATABASE_SCALE:-12}" "DATABASE_ADDRESS=$lab_database_address"
await_running a orders
step 'PostgreSQL runs on a; nobody uses it'

# megabytes a second of the first 192 MiB of the attached disk, past all caches of the guests
plain_dd() {
  in_guest "$1" 'LC_ALL=C dd if=/dev/mapper/sluice-orders.source of=/dev/null bs=1M count=192 iflag=direct 2>&1' \
    | sed -nE 's/.* copied, ([0-9.]+) s.*/\1/p' | awk '{printf "%.1f", 192 * 1.048576 / $1}'
}

# what LVM has of the volume on a guest; what the agent reports of it may be older
allocated() {
  in_guest "$1" 'lvs --noheadings --nosuffix --units b -o lv_size,data_percent vg0/orders' | awk '{ printf "%.0f", $1 * $2 / 100 }'
}
# The guest's kernel is asked five times a second how many regions are local: what the orchestrator has heard is up to a second older.
watch_regions() {
  in_guest "$1" 'rm -f /lab/regions
    (while :; do
      line=$(dmsetup status --noflush sluice-orders.clone 2>/dev/null) && read -r _ _ _ _ _ _ regions _ <<<"$line" || regions=
      copying=on
      [[ $line != *" no_hydration "* ]] || copying=off
      [ -z "$regions" ] || echo "$EPOCHREALTIME $copying ${regions/\// }"
      sleep 0.2
    done) </dev/null >/lab/regions 2>/dev/null & echo $! >/run/watch'
}
# seconds from the last look before copying was on to the first at which all regions were there
copying_took() {
  in_guest "$1" 'kill "$(cat /run/watch)"'
  awk '$2 == "off" { began = $1 } $2 == "on" && began && $3 == $4 && !ended { ended = $1 }
    END { if (!ended) exit 1; printf "%.2f", ended - began }' "$LAB/run/$1/share/regions" \
    || lab_die "the copying cannot be timed: $(wc -l <"$LAB/run/$1/share/regions") looks"
}
hydrated() { api GET "/migrations/$migration" | jq -e '.progress.hydratedBytes == .progress.totalBytes' >/dev/null; }

for round in $(seq "$rounds"); do
  for way in 'a b' 'b a'; do
    read -r from to <<<"$way"
    # dd before copying and after it, for others use this machine too
    drain_to_state "$from" orders Ready
    dd_before=$(plain_dd "$to")
    allocated=$(allocated "$from")
    hold_in Hydrating
    watch_regions "$to"
    release_hold Ready
    await_state "$migration" Hydrating
    until hydrated; do pause 0.2; done
    took=$(copying_took "$to")
    dd_after=$(plain_dd "$to")
    release_hold
    await_drained "$drain"
    api GET "/migrations/$migration" | jq -r --argjson before "$dd_before" --argjson after "$dd_after" --argjson allocated "$allocated" \
      --argjson hydrating "$took" '
      def took($state): .history | map(select(.from == $state)) | .[0].millisInPrevious;
      [.interruptionMs, took("Stopping"), took("Cloning"), took("Starting"), $hydrating, (.progress.copiedBytes / 1000000 / $hydrating),
         $before, $after, .progress.copiedBytes / $allocated] | @tsv' >>"$table"
    expect_one_home orders "$to" orders
    expect_nothing_left a b
    uncordon "$from"
  done
  step "round $round of $rounds: there and back"
done

awk -F'\t' '{ printf "          interruption %d ms (stopping %d, cloning %d, starting %d), hydration %.1f s at %.1f MB/s, dd before it %.1f and after it %.1f: %.2f of their mean, copied %.3f of what is allocated\n",
    $1, $2, $3, $4, $5, $6, $7, $8, 2 * $6 / ($7 + $8), $9 }' "$table"
sort -n "$table" | awk '{ ms[NR] = $1; hydrated += $6; dd += ($7 + $8) / 2 }
  END { i = int(NR * 0.95 + 0.999); printf "          interruption p50 %d ms, p95 %d ms, of %d; hydration %.2f of dd over all\n", ms[int((NR + 1) / 2)], ms[i], NR, hydrated / dd }'
expect_no_io_errors
expect_clean_filesystem a orders orders
step 'e2fsck is clean, no I/O error in any kernel log'
