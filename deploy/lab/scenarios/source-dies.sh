# The source dies for good in mid-hydration: the reasons name the bytes that are lost, by either engine; everything else stays readable and can be rescued

# b clones by its kernel, c by the portable engine, for it has directories alone; neither has room for both large volumes
LAB_AGENT_LIMITS='limits: {exportBytesPerSecond: 786432}'
LAB_POOL_CAPACITY=200M
lab_pools_of=([a]='thin files' [b]=thin [c]=files)
fleet_up a b c
workload_create a ledger writer 128M 48
WORKLOAD_POOL=files workload_create a archive writer 128M 48
workload_create a memo writer 16M 4
for workload in ledger archive memo; do await_running a "$workload"; done
hold_in Settling
drain=$(drain_start a)
declare -A migrations homes
for workload in ledger archive memo; do
  until_true 300 "$workload has a migration" migration_exists "$workload"
  migrations[$workload]=$(migration_of "$drain" "$workload")
  homes[$workload]=$(api GET "/migrations/${migrations[$workload]}" | jq -r .destination)
done
await_state "${migrations[memo]}" Settling
memo_is_plain() { look_at "${homes[memo]}" | grep -qx 'device sluice-memo linear' && ! look_at "${homes[memo]}" | grep -q '^device sluice-memo\.clone '; }
until_true 120 'memo lies on a plain volume' memo_is_plain
copied() { api GET "/migrations/${migrations[$1]}" | jq -r '.progress.copiedBytes // 0'; }
copies() { [ "$(copied "$1")" -gt $((2 << 20)) ]; }
for workload in ledger archive; do
  await_state "${migrations[$workload]}" Hydrating
  until_true 300 "some of $workload is copied" copies "$workload"
done
engines=$(api GET "/drains/$drain" | jq -r '[.migrations[] | select(.workload != "memo") | .engine] | unique | join(" ")')
[ "$engines" = 'DM_CLONE PORTABLE' ] || lab_die "it is not the case to be shown: both engines; used are: $engines"
step "ledger hydrates on ${homes[ledger]} and archive on ${homes[archive]}, a quarter of a megabyte a second each; memo has settled on ${homes[memo]}"

power_cut a
fleet_guests=(b c)
reason() { api GET "/migrations/${migrations[$1]}" | jq -r '.reason | "\(.code) \(.message)"'; }
missing_named() { [[ $(reason "$1") == SOURCE_UNREACHABLE*"Of volume $1 only a has "* ]]; }
agent_says() {
  in_guest "${homes[$1]}" ". /lab/settings && \$java_home/bin/java -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
    -cp \"\$sluice_home/agent/host/target/app/*\" io.sluice.agent.AgentCommand --config /etc/sluice/agent.yaml --missing $1"
}
survey() { in_guest "${homes[$1]}" "python3 $lab_programs/survey.py $2 /lab/missing-$1 $3" | sed 's/^/          /'; }
for workload in ledger archive; do
  until_true 300 "the reason names what of $workload only a has" missing_named "$workload"
  reason "$workload" | fold -s -w 120 | sed 's/^/          /'
  migration_is "${migrations[$workload]}" Hydrating || lab_die "does not hold: $workload is held in Hydrating; it is $(migration_state "${migrations[$workload]}")"
done
step 'a is dead: both are held, and say which bytes only a has'

# The agent on the host lists all of them, of whichever engine, as lines FIRST-LAST.
for workload in ledger archive; do
  agent_says "$workload" | tr - ' ' >"$LAB/run/${homes[$workload]}/share/missing-$workload"
  echo "          the agent of ${homes[$workload]} lists $(wc -l <"$LAB/run/${homes[$workload]}/share/missing-$workload") ranges of $workload"
  survey "$workload" "/dev/mapper/sluice-$workload" local || lab_die "does not hold: what is hydrated of $workload stays readable"
  expect_at_most_one_home "$workload" "$workload"
done
expect_no_io_errors
step 'all the rest reads from where it is, past all caches; no error reached anybody'

release_hold
await_state "${migrations[memo]}" Releasing
reason memo | fold -s -w 120 | sed 's/^/          /'
expect 'memo runs without a' workload_runs_on "${homes[memo]}" memo
[ "$(api GET "/drains/$drain" | jq -r .safeToPowerOff.value)" = false ] || lab_die 'does not hold: a drain whose copies wait for a is not said to be done'
step 'memo needs a no more: it runs on its plain volume, and waits for a to release the old copy'

# What docs/operations.md tells an operator to do when a's disks are lost too.
stops() { in_guest "${homes[$1]}" "SLUICE_WORKLOAD=$1 $lab_programs/workloads/writer stop"; }
in_guest "${homes[ledger]}" "$lab_programs/worker stop agent
  dmsetup message sluice-ledger.clone 0 disable_hydration
  dmsetup message sluice-ledger.source 0 fail_if_no_path"
until_true 300 'nothing of ledger waits for a any more' stops ledger
survey ledger /dev/mapper/sluice-ledger rescue || lab_die 'does not hold: the rest of ledger can be rescued'
step 'ledger is given up by hand: reads of the bytes named fail at once, the rest is copied'

in_guest "${homes[archive]}" "$lab_programs/worker stop agent
  dmsetup message sluice-archive.portal 0 fail_if_no_path"
until_true 300 'nothing of archive waits for a any more' stops archive
volume=$(look_at "${homes[archive]}" | sed -n 's/^volume archive rw //p')
agent_says archive | tr - ' ' >"$LAB/run/${homes[archive]}/share/missing-archive"
survey archive "$volume" "records $((48 * 256))" || lab_die 'does not hold: the rest of archive can be rescued'
step 'archive is given up by hand: nothing waits any more, the rest is in its volume'
