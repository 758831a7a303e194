# The source dies for good in mid-hydration: the reason names the bytes that are lost, everything else stays readable and can be rescued

LAB_AGENT_LIMITS='limits: {exportBytesPerSecond: 524288}'
fleet_up a b
workload_create a ledger writer 128M 48
await_running a ledger
drain=$(drain_start a)
until_true 300 'ledger has a migration' migration_exists ledger
migration=$(migration_of "$drain" ledger)
await_state "$migration" Hydrating
until_true 300 'some of it is hydrated' hydration_passes "$migration" $((8 << 20))
step 'ledger runs on b and hydrates from a, half a megabyte a second'

power_cut a
fleet_guests=(b)
reason() { api GET "/migrations/$migration" | jq -r '.reason | "\(.code) \(.message)"'; }
missing_named() { [[ $(reason) == SOURCE_UNREACHABLE*'Of volume ledger only a has '* ]]; }
until_true 300 'the reason names what only a has' missing_named
reason | fold -s -w 120 | sed 's/^/          /'
migration_is "$migration" Hydrating || lab_die "does not hold: the migration is held in Hydrating; it is $(migration_state "$migration")"
step 'a is dead: the migration is held, and says which bytes only a has'

# What was named, as lines FROM TO; all bytes up to the last range are either there or missing.
reason | grep -oE '[0-9]+-[0-9]+' | tr - ' ' >"$LAB/run/b/share/missing"
survey() { in_guest b "python3 $lab_programs/survey.py /dev/mapper/sluice-ledger /lab/missing $1"; }
survey local | sed 's/^/          /' || lab_die 'does not hold: what is hydrated stays readable'
expect_at_most_one_home ledger ledger
expect_no_io_errors
step 'all the rest reads from b, past all caches; no error reached anybody'

# What docs/operations.md tells an operator to do when a's disks are lost too.
in_guest b "$lab_programs/worker stop agent
  dmsetup message sluice-ledger.clone 0 disable_hydration
  dmsetup message sluice-ledger.source 0 fail_if_no_path"
until_true 300 'nothing waits for a any more' in_guest b "SLUICE_WORKLOAD=ledger $lab_programs/workloads/writer stop"
survey rescue | sed 's/^/          /' || lab_die 'does not hold: the rest can be rescued'
step 'given up by hand: reads of the bytes named fail at once, the rest is copied'
