# In every state of the machine each process is killed, and guests lose their power: then one copy, nothing lost, nothing left

# slow enough that a crash in Hydrating comes in the middle of it
LAB_AGENT_LIMITS='limits: {hydrationBytesPerSecond: 3145728}'
fleet_up a b
workload_create a ledger writer 128M 32
await_running a ledger
step 'workload ledger runs on a'
from=a to=b

# Everything that takes part, one after another; in short each agent in its turn is down together with another process.
kill_each() {
  if [ -n "${LAB_SHORT:-}" ]; then
    service_kill "$to" iscsid
    service_kill "$from" agent
    orchestrator_crash
    agent_crash "$to"
  else
    agent_crash "$from"
    agent_crash "$to"
    service_kill "$to" iscsid
    orchestrator_crash
  fi
}

# arrived WORDS: the migration under way has ended well, and whoever looks from outside finds one home
arrived() {
  await_drained "$drain" 600
  await_running "$to" ledger
  expect_one_home ledger "$to" ledger
  expect_nothing_left a b
  uncordon "$from"
  step "$1: $from is drained, $to alone has it"
  read -r from to <<<"$to $from"
}

# given_up WORDS: the drain was cancelled while it could be; all is as before
given_up() {
  await_cancelled "$drain"
  await_running "$from" ledger
  expect_one_home ledger "$from" ledger
  expect_nothing_left a b
  step "$1: $from still has it, nothing is left on $to"
}

for state in ${CRASH_STATES:-$(api GET /migration-states | jq -r '.items[].state')}; do
  case $state in
    Planned | Preparing | Ready | Stopping | Cloning | Starting | Hydrating | Settling | Releasing)
      drain_to_state "$from" ledger "$state"
      kill_each
      release_hold
      arrived "each process killed in $state"
      ;;
    Aborting)
      drain_to_state "$from" ledger Cloning
      hold_in Aborting
      api POST "/drains/$drain/cancel" >/dev/null
      release_hold Cloning
      await_state "$migration" Aborting
      kill_each
      release_hold
      given_up 'each process killed in Aborting'
      ;;
    Done | Aborted)
      # where the last one went, nothing may come back to life
      kill_each
      await_running "$from" ledger
      expect_one_home ledger "$from" ledger
      expect_nothing_left a b
      step "each process killed after $state"
      ;;
    *) lab_die "the machine has a state $state that this scenario does not cover: add what is to happen in it" ;;
  esac
done
expect_no_io_errors
expect_records "$from" ledger

powerless=(Cloning Hydrating Settling)
[ -z "${LAB_SHORT:-}" ] || powerless=(Hydrating)
for state in "${powerless[@]}"; do
  for victim in source destination; do
    drain_to_state "$from" ledger "$state"
    if [ $victim = source ]; then guest=$from; else guest=$to; fi
    power_cut "$guest"
    worker_reboot "$guest"
    release_hold
    arrived "power of the $victim cut in $state"
  done
done
expect_records "$from" ledger
expect_clean_filesystem "$from" ledger ledger
step 'every acknowledged write is there, e2fsck is clean'
