# PostgreSQL under load is drained to another worker and back: no acknowledged commit is lost, interruption and hydration are measured

address=$lab_database_address
commits=$LAB/run/commits
rm -f "$commits"*

fleet_up a b
workload_create a orders database 512M "${DATABASE_SCALE:-4}" "DATABASE_ADDRESS=$address"
await_running a orders
step "PostgreSQL runs on a, on ext4 on its volume, at $address"

server record "${packaged[@]}" "$lab_programs/workloads/commits" record "$address" "$commits"
server pgbench "${packaged[@]}" "$lab_programs/workloads/load" "$address"
acknowledged() { wc -l 2>/dev/null <"$commits" || echo 0; }
more_commits() { [ "$(acknowledged)" -ge $(($1 + 50)) ]; }
until_true 120 'commits are acknowledged' more_commits 0
step 'pgbench loads it; a client outside of the guests notes every acknowledged commit'

for way in 'a b' 'b a'; do
  read -r from to <<<"$way"
  began=$EPOCHREALTIME
  drain=$(drain_start "$from")
  await_drained "$drain"
  step "$from is drained: safe to power off"
  tell_migration "$(migration_of "$drain" orders)"
  until_true 120 "commits are acknowledged on $to" more_commits "$(acknowledged)"
  echo "          longest time without a commit, as the client saw it: $("$lab_programs/workloads/commits" gap "$commits" "$began") s"
  expect_one_home orders "$to" orders
  expect_nothing_left a b
  in_network "${packaged[@]}" "$lab_programs/workloads/commits" check "$address" "$commits" | sed 's/^/          /'
  step "no acknowledged commit is lost; $to alone runs it and has the only writable copy"
  uncordon "$from"
done

touch "$commits.stop"
server_kill pgbench
in_guest a "SLUICE_WORKLOAD=orders $lab_programs/workloads/database check" || lab_die 'does not hold: amcheck and a whole dump are clean'
step 'amcheck finds every heap and index whole, a dump of all reads through'
in_network "${packaged[@]}" "$lab_programs/workloads/commits" check "$address" "$commits" | sed 's/^/          /'
expect_no_io_errors
expect_clean_filesystem a orders orders
step 'e2fsck is clean, no I/O error in any kernel log'
