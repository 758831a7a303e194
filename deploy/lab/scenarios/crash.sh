# In every state of the machine each process is killed, and guests lose their power: then one copy, nothing lost, nothing left

# The source gives out so little that what happens in Hydrating happens in the middle of it.
LAB_AGENT_LIMITS='limits: {exportBytesPerSecond: 1048576}'
fleet_up a b
workload_create a ledger writer 128M 32
await_running a ledger
step 'workload ledger runs on a'
from=a to=b

# The machine's own list: a state that is not known here fails the scenario until somebody has said what is to happen in it.
under_way=()
for state in $(api GET /migration-states | jq -r '.items[].state'); do
  case $state in
    Planned | Preparing | Ready | Stopping | Cloning | Starting | Hydrating | Settling | Releasing) under_way+=("$state") ;;
    Aborting | Aborted | Done) ;;
    *) lab_die "the machine has a state $state that this scenario does not cover: add what is to happen in it" ;;
  esac
done
tried() { [ -z "${CRASH_STATES:-}" ] || [[ " $CRASH_STATES " == *" $1 "* ]]; }

kill_one() {
  case $1 in
    source-agent) agent_kill "$from" ;;
    destination-agent) agent_kill "$to" ;;
    iscsid) iscsid_kill "$to" ;;
    orchestrator) orchestrator_kill ;;
  esac
}
back() {
  case $1 in
    source-agent) agent_back "$from" ;;
    destination-agent) agent_back "$to" ;;
    iscsid) iscsid_back "$to" ;;
    orchestrator) orchestrator_back ;;
  esac
}

# Two at a time, which saves waiting; in short one of them, each in its turn. Nobody but the agents starts and stops the workload, and
# none of them does so because it was away.
together=('orchestrator destination-agent' 'iscsid source-agent')
[ -z "${LAB_SHORT:-}" ] || together=(destination-agent iscsid source-agent orchestrator)
turn=0
kill_processes() {
  local state=$1 round process before='' rounds=("${together[@]}")
  [ -z "${LAB_SHORT:-}" ] || rounds=("${together[turn++ % 4]}")
  case $state in Stopping | Cloning | Starting | Aborting) ;; *) before=$(starts) ;; esac
  for round in "${rounds[@]}"; do
    for process in $round; do kill_one "$process"; done
    for process in $round; do back "$process"; done
  done
  expect_at_most_one_home ledger ledger
  [ -z "$before" ] || [ "$before" = "$(starts)" ] || lab_die "does not hold: the workload goes on while processes are killed in $state"
  step "killed in $state: ${rounds[*]}"
}
starts() { cat "$LAB"/run/*/share/journal-ledger | grep -c '^start'; }

# Both guests lose their power, one after the other; once the agent is back the workload runs where that state has it, or nowhere.
cut_power() {
  local guest home
  case $1 in
    Planned | Preparing | Ready) home=$from ;;
    Stopping | Cloning) home='' ;;
    *) home=$to ;;
  esac
  for guest in "$from" "$to"; do
    runs_before[$guest]=$(agent_runs "$guest")
    power_cut "$guest"
    worker_reboot "$guest"
    agent_back "$guest"
    [ -z "$home" ] || await_running "$home" ledger
    expect_at_most_one_home ledger ledger
    [ -n "$home" ] || expect 'the workload is held' held
    step "power of $guest cut in $1, it is back"
  done
}
held() { [ "$(workload_status "$from" ledger) $(workload_status "$to" ledger)" = 'stopped stopped' ]; }

# walk WHAT STATE…: one migration to its end, held in each of the states while WHAT is done there
walk() {
  local what=$1 state previous=
  shift
  drain=
  for state in "$@"; do
    tried "$state" || continue
    hold_in "$state"
    if [ -z "$drain" ]; then
      drain=$(drain_start "$from")
      until_true 300 'ledger has a migration' migration_exists ledger
      migration=$(migration_of "$drain" ledger)
    else
      release_hold "$previous"
    fi
    await_state "$migration" "$state"
    "$what" "$state"
    previous=$state
  done
  [ -n "$drain" ] || return 0
  release_hold
  await_drained "$drain"
  await_running "$to" ledger
  expect_one_home ledger "$to" ledger
  expect_nothing_left a b
  expect_records "$to" ledger
  uncordon "$from"
  step "$from is drained; $to alone has it, whole; nothing is left"
  read -r from to <<<"$to $from"
}

if tried Aborting; then
  drain_to_state "$from" ledger Cloning
  hold_in Aborting
  api POST "/drains/$drain/cancel" >/dev/null
  release_hold Cloning
  await_state "$migration" Aborting
  kill_processes Aborting
  release_hold
  await_cancelled "$drain"
  await_running "$from" ledger
  expect_one_home ledger "$from" ledger
  expect_nothing_left a b
  expect_no_copy "$to" ledger
  step "given up: $from still has it, nothing is left on $to"
fi
if tried Aborted; then kill_processes Aborted; fi

walk kill_processes "${under_way[@]}"

# where the last migration went, nothing may come back to life
if tried Done; then
  kill_processes Done
  await_running "$from" ledger
  expect_one_home ledger "$from" ledger
  expect_nothing_left a b
fi
expect_no_io_errors

[ -n "${LAB_SHORT:-}" ] || walk cut_power "${under_way[@]}"
expect_no_io_errors
expect_records "$from" ledger
expect_clean_filesystem "$from" ledger ledger
step 'every acknowledged write is there, e2fsck is clean'
