# The source dies for good in mid-hydration: the reasons name the bytes that are lost, by either engine; everything else stays readable and can be rescued

# b clones by its kernel, c by the portable engine, for it has directories alone; neither has room for both large volumes
LAB_AGENT_LIMITS='limits: {exportBytesPerSecond: 1048576}'
LAB_POOL_CAPACITY=200M
lab_pools_of=([a]='thin files' [b]=thin [c]=files)
fleet_up a b c
workload_create a ledger writer 128M 48
WORKLOAD_POOL=files workload_create a archive writer 128M 48
workload_create a memo writer 16M 4
workload_create a note writer 24M 12
for workload in ledger archive memo note; do await_running a "$workload"; done
hold_in Settling
drain=$(drain_start a '{"maxConcurrentPerSource": 4, "maxConcurrentPerDestination": 4}')
declare -A migrations homes engines
for workload in ledger archive memo note; do
  until_true 300 "$workload has a migration" migration_exists "$workload"
  migrations[$workload]=$(migration_of "$drain" "$workload")
  read -r "homes[$workload]" "engines[$workload]" < <(api GET "/migrations/${migrations[$workload]}" | jq -r '"\(.destination) \(.engine)"')
done
by_kernel=ledger portable=archive
[ "${engines[ledger]}" = DM_CLONE ] || { by_kernel=archive portable=ledger; }
[ "${engines[$by_kernel]} ${engines[$portable]}" = 'DM_CLONE PORTABLE' ] || lab_die "it is not the case to be shown: both engines; used are: ${engines[*]}"

await_state "${migrations[memo]}" Settling
memo_is_plain() { look_at "${homes[memo]}" | grep -qx 'device sluice-memo linear' && ! look_at "${homes[memo]}" | grep -q '^metadata .*memo'; }
until_true 120 'memo lies on a plain volume' memo_is_plain
# whole, and not compared with its source yet
hold_in Hydrating
hydrated() { api GET "/migrations/${migrations[$1]}" | jq -e '.progress.hydratedBytes == .progress.totalBytes' >/dev/null; }
until_true 120 'note is hydrated' hydrated note
migration_is "${migrations[note]}" Hydrating || lab_die "it is not the case to be shown: note is hydrated and not verified; it is $(migration_state "${migrations[note]}")"
copies() { api GET "/migrations/${migrations[$1]}" | jq -e '.progress.copiedBytes > 2097152' >/dev/null; }
for workload in ledger archive; do until_true 300 "some of $workload is copied" copies "$workload"; done
step "the kernel clones $by_kernel on ${homes[$by_kernel]}, the agent $portable on ${homes[$portable]}; memo has settled on ${homes[memo]}, note is whole on ${homes[note]}"

power_cut a
fleet_guests=(b c)
reason() { api GET "/migrations/${migrations[$1]}" | jq -r '.reason | "\(.code) \(.message)"'; }
tell_reason() { reason "$1" | fold -s -w 120 | sed 's/^/          /'; }
missing_named() { [[ $(reason "$1") == SOURCE_UNREACHABLE*"Of volume $1 only a has "* ]]; }
# in a file of the guest's share: every range, as lines FIRST LAST, as the agent there lists them for either engine
list_missing() {
  in_guest "${homes[$1]}" ". /lab/settings && \$java_home/bin/java -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
    -cp \"\$sluice_home/agent/host/target/app/*\" io.sluice.agent.AgentCommand --config /etc/sluice/agent.yaml --missing $1" \
    | tr - ' ' >"$LAB/run/${homes[$1]}/share/missing-$1"
  echo "          the agent of ${homes[$1]} lists $(wc -l <"$LAB/run/${homes[$1]}/share/missing-$1") ranges of $1"
}
survey() { in_guest "${homes[$1]}" "python3 $lab_programs/survey.py $2 /lab/missing-$1 $3" | sed 's/^/          /'; }
for workload in ledger archive; do
  until_true 300 "the reason names what of $workload only a has" missing_named "$workload"
  tell_reason "$workload"
  migration_is "${migrations[$workload]}" Hydrating || lab_die "does not hold: $workload is held in Hydrating; it is $(migration_state "${migrations[$workload]}")"
  list_missing "$workload"
  survey "$workload" "/dev/mapper/sluice-$workload" local || lab_die "does not hold: what is hydrated of $workload stays readable"
  expect_at_most_one_home "$workload" "$workload"
done
expect_no_io_errors
step 'a is dead: both are held, and say which bytes only a has; all the rest reads, past all caches, and no error reached anybody'

release_hold
await_state "${migrations[memo]}" Releasing
tell_reason memo
expect 'memo runs without a' workload_runs_on "${homes[memo]}" memo
if [ "${engines[note]}" = PORTABLE ]; then
  await_state "${migrations[note]}" Releasing
  step 'memo needs a no more, nor does note, whose agent has the checksums of all that came: both wait for a to release the old copies'
else
  await_state "${migrations[note]}" Settling
  not_compared() { [[ $(reason note) == SOURCE_UNREACHABLE* ]]; }
  until_true 300 'the reason says that note cannot be compared with its source' not_compared
  tell_reason note
  step 'memo needs a no more, and waits for it to release the old copy; note is whole but cannot be compared with a any more, and says so'
fi
expect 'note runs without a' workload_runs_on "${homes[note]}" note
[ "$(api GET "/drains/$drain" | jq -r .safeToPowerOff.value)" = false ] || lab_die 'does not hold: a drain whose copies wait for a is not said to be done'

# What docs/operations.md tells an operator to do when a's disks are lost too.
stops() { in_guest "${homes[$1]}" "SLUICE_WORKLOAD=$1 $lab_programs/workloads/writer stop"; }
in_guest "${homes[$by_kernel]}" "$lab_programs/worker stop agent
  dmsetup message sluice-$by_kernel.clone 0 disable_hydration
  dmsetup message sluice-$by_kernel.source 0 fail_if_no_path"
until_true 300 "nothing of $by_kernel waits for a any more" stops "$by_kernel"
list_missing "$by_kernel"
survey "$by_kernel" "/dev/mapper/sluice-$by_kernel" rescue || lab_die "does not hold: the rest of $by_kernel can be rescued"
step "$by_kernel is given up by hand: reads of the bytes named fail at once, the rest is copied"

in_guest "${homes[$portable]}" "$lab_programs/worker stop agent
  dmsetup message sluice-$portable.portal 0 fail_if_no_path"
until_true 300 "nothing of $portable waits for a any more" stops "$portable"
list_missing "$portable"
survey "$portable" "$(look_at "${homes[$portable]}" | sed -n "s/^volume $portable rw //p")" "records $((48 * 256))" || lab_die "does not hold: the rest of $portable can be rescued"
step "$portable is given up by hand: nothing waits any more, the rest is in its volume"
