# A guest that reads and writes without pause: with dm-clone's stock settings hydration never ends, with Sluice's it does by the deadline

readers=6
# few copies at once, as where a write is to wait for few: then raising alone does not do
LAB_AGENT_LIMITS='hydration: {leastInFlightBytes: 65536, mostInFlightBytes: 1048576}'
WORKLOAD_EXTRA='cgroup: ledger'
fleet_up a b
workload_create a ledger writer 96M 64 "WRITER_READERS=$readers" WRITER_RATE=50 WRITER_SPAN=256
await_running a ledger
in_guest a 'tc qdisc add dev vec0 root netem delay 10ms'
step "ledger runs on a: $readers processes read at random without pause, one writes and syncs; a is 10 ms away from b"

# regions that are local, and all of them, as the kernel has it
regions() { in_guest b 'dmsetup status --noflush sluice-ledger.clone' | awk '{ split($7, of, "/"); print of[1], of[2] }'; }
rows=()
# row WORDS SINCE COPIED [UNTIL]: what the guest saw since then
row() {
  local until=${4:-$EPOCHREALTIME} seen
  seen=$("${packaged[@]}" python3 "$lab_programs/workloads/records.py" latency "$2" "$until" "$LAB/run/b/share/journal-ledger" "$LAB"/run/b/share/reads-ledger-*)
  rows+=("$(awk -v words="$1" -v since="$2" -v until="$until" -v copied="$3" '{
    seconds = until - since
    printf "%-22s %5.0f s %9s %9s %7s %8s %9s %7s %8s", words, seconds, copied == "" ? "" : sprintf("%.0f", copied * 60 / seconds), $1, $2, $3, $4, $5, $6 }' <<<"$seen")")
}

# The workload runs on its clone and nothing is copied yet; the agent is away while dm-clone copies as it does by itself.
drain_to_state a ledger Starting
await_running b ledger
service_stop b agent
in_guest b 'for words in "hydration_threshold 1" "hydration_batch_size 1" enable_hydration; do dmsetup message sluice-ledger.clone 0 $words; done'
# what the writer writes to, over and over, becomes local by that, the file system's journal with it: counted is what is copied besides
pause 45
read -r before total < <(regions)
began=$EPOCHREALTIME
pause 30
read -r after total < <(regions)
row 'stock settings' "$began" $((after - before))
awk -v copied=$((after - before)) -v left=$((total - after)) -v seconds="$(seconds_since "$began")" 'BEGIN { exit !(left > 0 && copied * 3600 < left * seconds) }' \
  || lab_die "it is not the case to be shown: stock settings copied $((after - before)) regions, $((total - after)) are left, which would take less than an hour"
step "with stock settings $((after - before)) regions are copied in that time, $((total - after)) of $total are left"

service_start b agent
release_hold
await_state "$migration" Hydrating
deadline=$((EPOCHSECONDS + 120))
api PATCH "/drains/$drain" "{\"deadline\": \"$(date -u -d "@$deadline" +%FT%TZ)\"}" >/dev/null
step 'the agent is back and copies; the drain gets a deadline, 120 s from now'

pace() { api GET "/migrations/$migration" | jq -r '.volumes[0].pace | "\(.guestThrottled) \(.words)"'; }
began=$EPOCHREALTIME
said='' throttled_since=''
while migration_is "$migration" Hydrating; do
  read -r throttled words < <(pace)
  if [ "$throttled" = true ] && [ -z "$throttled_since" ]; then
    row 'ours, raised' "$began" $(($(regions | cut -d' ' -f1) - after))
    throttled_since=$EPOCHREALTIME copied=$(regions | cut -d' ' -f1)
  fi
  # numbers change all the time; told is each kind of it once
  if [ "${words//[0-9]/}" != "$said" ] && [ "$words" != null ]; then
    said=${words//[0-9]/}
    echo "          $((deadline - EPOCHSECONDS)) s left: $words"
  fi
  pause 1
done
[ -n "$throttled_since" ] || lab_die 'does not hold: a guest that starves its copy is throttled near the deadline'
ended=$(api GET "/migrations/$migration" | jq -r '.history[] | select(.from == "Hydrating") | .at | sub("\\..*"; "Z") | fromdateiso8601')
[ "$ended" -le "$deadline" ] || lab_die "does not hold: hydrated by the deadline; it was $((ended - deadline)) s late"
# then it is free, and much faster
row 'ours, guest throttled' "$throttled_since" $((total - copied)) "$ended"
step "hydrated $((deadline - ended)) s before the deadline"

await_drained "$drain"
tell_migration "$migration"
free=$(in_guest b 'cat /sys/fs/cgroup/ledger/io.max')
[[ $free != *=[0-9]* ]] || lab_die "does not hold: the guest is free again; its cgroup has: $free"
began=$EPOCHREALTIME
pause 10
row 'settled' "$began" ''
expect_one_home ledger b ledger
expect_nothing_left a b
expect_records b ledger
expect_no_io_errors
expect_clean_filesystem b ledger ledger
step 'settled, the guest free; every acknowledged write is there, e2fsck is clean'
printf '          %-22s %7s %9s %9s %7s %8s %9s %7s %8s\n' '' lasted regions reads p50 p99 writes p50 p99 '' '' /min /s ms ms /s ms ms
printf '          %s\n' "${rows[@]}"
