# A fleet of the lab: the orchestrator with its PostgreSQL beside the guests, a worker in each guest, workloads; and what an operator
# does, through the REST API. Sourced by `lab` after guests.sh and used by the scenarios.

lab_api_port=8080
lab_api=http://$lab_net.1:$lab_api_port/api/v1
lab_database_address=$lab_net.100
# which pools the workers have: files (a directory), thin and plain (LVM); the first is where workloads are made. A worker may have others
lab_pools=(${LAB_POOLS:-thin})
declare -A lab_pools_of
pools_of() { echo "${lab_pools_of[$1]:-${lab_pools[*]}}"; }
lab_programs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# ------------------------------------------------------------------------------------------------------------ orchestrator

orchestrator_start() {
  local dir=$LAB/run/orchestrator
  mkdir -p "$dir"
  if [ ! -f "$dir/join-token" ]; then
    (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$dir/join-token")
  fi
  SLUICE_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -Xmx384m" server orchestrator "$root/sluice" server \
    --address "$lab_net.1" --port "$lab_api_port" --data-dir "$dir/data" --join-token-file "$dir/join-token"
}

# The server alone: its PostgreSQL goes on, and the next start ends it, as after any SIGKILL.
orchestrator_kill() { server_kill orchestrator; }

orchestrator_answers() {
  local role
  in_network curl -s -o /dev/null --max-time 2 "http://$lab_net.1:$lab_api_port/actuator/health" || return 1
  for role in operator admin; do
    (umask 077 && printf 'Authorization: Bearer %s' "$(cat "$LAB/run/orchestrator/data/$role-token")" >"$LAB/run/orchestrator/authorization-$role")
  done
}

orchestrator_ready() { until_true 300 "the orchestrator answers, see $LAB/run/orchestrator/log" orchestrator_answers; }

# api METHOD PATH [JSON]: the token is in a file, for an argument could be read by anybody
api() {
  local body=()
  [ $# -lt 3 ] || body=(-H 'Content-Type: application/json' --data "$3")
  in_network curl -sS --fail-with-body --max-time 60 -X "$1" -H "@$LAB/run/orchestrator/authorization-${lab_token:-operator}" "${body[@]}" "$lab_api$2"
}

# sql STATEMENT: in the orchestrator's own database
sql() {
  local dir=$LAB/run/orchestrator/data/postgres
  PGPASSWORD=$(cat "$dir/password") in_network "${packaged[@]}" psql -qAtX -v ON_ERROR_STOP=1 \
    -h 127.0.0.1 -p "$(sed -n 4p "$dir/data/postmaster.pid")" -U postgres -d postgres -c "$1"
}

# hold_in STATE: no migration leaves that state until `release_hold`. Its commits find that somebody else was quicker, so the machine
# stays where it is and asks again; the hosts do all that the state asks of them meanwhile.
hold_in() {
  sql "set client_min_messages = warning;
    create table if not exists lab_hold (state text primary key);
    create or replace function lab_hold() returns trigger language plpgsql as \$\$ begin
      if old.state <> new.state and exists (select from lab_hold where state = old.state) then return null; end if;
      return new;
    end \$\$;
    create or replace trigger lab_hold before update on migration for each row execute function lab_hold();
    insert into lab_hold values ('$1') on conflict do nothing"
}

# release_hold [STATE]: of that state, or all
release_hold() { sql "delete from lab_hold where state = coalesce(nullif('${1:-}', ''), state)"; }

# ----------------------------------------------------------------------------------------------------------------- workers

# worker_start NAME N [MEMORY]: switches a guest on that has never been a worker before
worker_start() {
  local name=$1 number=$2 memory=${3:-640M} disk=$LAB/disks/$1
  rm -f "$disk"-*.img
  truncate -s 8G "$disk-system.img"
  local disks=("$disk-system.img")
  if [ "$(pools_of "$name")" != files ]; then
    truncate -s 8G "$disk-volumes.img"
    disks+=("$disk-volumes.img")
  fi
  guest_start "$name" "$number" "$memory" "${disks[@]}"
  worker_configure "$name"
}

# What the agent is told; LAB_DISKS is where workloads find their disks (portal or kernel), LAB_AGENT_LIMITS may add limits.
worker_configure() {
  local share=$LAB/run/$1/share
  local pool
  cp "$LAB/run/orchestrator/join-token" "$share/join-token"
  printf 'java_home=%q\nsluice_home=%q\nagent_options=(%s)\n' "$JAVA_HOME" "$root" "${LAB_AGENT_OPTIONS:-}" >"$share/settings"
  cat >"$share/agent.yaml" <<YAML
orchestrator:
  url: http://$lab_net.1:$lab_api_port
  joinTokenFile: /lab/join-token
  allowPlainHttp: true
stateDirectory: /var/lib/sluice
name: $1
location:
  region: lab
  rack: rack-$1
portal:
  bind: $(guest_address "$1"):3260
diskPortal:
  bind: 127.0.0.1:3261
disks: ${LAB_DISKS:-kernel}
metrics:
  bind: 127.0.0.1:9464
workloadsDirectory: /etc/sluice/workloads.d
${LAB_AGENT_LIMITS:-}
pools:
$(for pool in $(pools_of "$1"); do pool_yaml "$pool"; done)
YAML
}

pool_yaml() {
  echo "  - name: $1"
  case $1 in
    files) printf '    kind: directory\n    path: /srv/pool\n    capacity: %s\n' "${LAB_POOL_CAPACITY:-32G}" ;;
    thin) printf '    kind: lvm-thin\n    volumeGroup: vg0\n    thinPool: pool\n    capacity: %s\n' "${LAB_POOL_CAPACITY:-32G}" ;;
    plain) printf '    kind: lvm\n    volumeGroup: vg0\n' ;;
  esac
}

# worker_up NAME: once the guest answers, everything a worker's own system starts; also after a power cut
worker_up() {
  guest_wait "$1"
  in_guest "$1" "$lab_programs/worker up" || lab_die "worker $1 could not be set up; console: $LAB/run/$1/console"
}

worker_reboot() {
  guest_boot "$1"
  worker_up "$1"
}

# Each of these is killed with SIGKILL; `…_back` waits until it runs again and has been heard.
declare -A runs_before
agent_kill() {
  runs_before[$1]=$(agent_runs "$1")
  service_kill "$1" agent
}
agent_runs() { grep -c 'agent runs' "$LAB/run/$1/share/agent.log" || true; }
agent_back() {
  until_true 300 "the agent of $1 is back" agent_ran "$1" "${runs_before[$1]}"
  until_true 300 "the agent of $1 reports" worker_reports "$1"
}
agent_ran() { [ "$(agent_runs "$1")" -gt "$2" ]; }
worker_reports() { api GET "/workers/$1" | jq -e '.connected and .lastSeenSeconds < 25' >/dev/null; }

# iscsid_kill GUEST [stop]: with `stop` nobody but the agent starts it again, as on a worker of Debian, whose unit has no Restart=
iscsid_kill() {
  runs_before[iscsid.$1]=$(in_guest "$1" 'cat /run/iscsid.pid')
  in_guest "$1" "$lab_programs/worker ${2:-kill} iscsid"
}
iscsid_back() { until_true 120 "iscsid of $1 is back" iscsid_runs "$1" "${runs_before[iscsid.$1]}"; }
iscsid_runs() { in_guest "$1" "pid=\$(cat /run/iscsid.pid) && [ \$pid != $2 ] && kill -0 \$pid"; }

orchestrator_back() {
  orchestrator_start
  orchestrator_ready
  until_true 300 'the workers report again' workers_connected "${#fleet_guests[@]}"
}

service_kill() { in_guest "$1" "$lab_programs/worker kill $2"; }
service_stop() { in_guest "$1" "$lab_programs/worker stop $2"; }
service_start() { in_guest "$1" "$lab_programs/worker start $2"; }

workers_connected() {
  [ "$(api GET /workers | jq "[.items[] | select(.connected and .lastSeenSeconds < 40)] | length")" = "$1" ]
}

# in_parallel COMMAND GUEST…: for each of them at once; fails where one of them does
in_parallel() {
  local command=$1 guest pid failed=0 pids=()
  shift
  for guest in "$@"; do "$command" "$guest" & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  return $failed
}

# fleet_up NAME…: the orchestrator and a worker in each guest of that name, registered
fleet_up() {
  local name number=0
  rm -rf "$LAB/run/orchestrator" "$LAB/run/workloads"
  fleet_guests=("$@")
  orchestrator_start
  for name in "$@"; do worker_start "$name" $((number += 1)); done
  in_parallel worker_up "$@" || lab_die "not every worker of $* could be set up"
  orchestrator_ready
  until_true 300 "$# workers have registered; logs: $LAB/run/*/share/agent.log" workers_connected $#
  step "orchestrator and workers $* are up"
}

# --------------------------------------------------------------------------------------------------------------- workloads

# workload_create GUEST NAME PROGRAM SIZE CONTENT [KEY=VALUE…]: makes its volume, SIZE as in 1G, with what `PROGRAM make` puts there, in
# the pool of kind WORKLOAD_POOL (the fleet's first), and declares it; the agent finds both and starts it. Keys and values go into its
# programs' environment.
workload_create() {
  local guest=$1 name=$2 program=$lab_programs/workloads/$3 size=$4 content=$5
  shift 5
  truncate -s "$size" "$LAB/run/$guest/share/$name.img"
  "${packaged[@]}" "$program" make "$LAB/run/$guest/share/$name.img" "$content" || lab_die "the content of $name could not be made"
  in_guest "$guest" "$lab_programs/worker volume $name $size /lab/$name.img ${WORKLOAD_POOL:-${lab_pools[0]}}" || lab_die "the volume of $name could not be made"
  rm "$LAB/run/$guest/share/$name.img"
  {
    printf 'id: %s\nvolumes: [%s]\ndriver: exec\nprograms:\n' "$name" "$name"
    printf '  %s: [%s, %s]\n' start "$program" start stop "$program" stop status "$program" status
    if [ $# -gt 0 ]; then
      echo '  environment:'
      for pair in "$@"; do printf '    %s: "%s"\n' "${pair%%=*}" "${pair#*=}"; done
    fi
    printf 'stopGraceSeconds: 120\nstartGraceSeconds: 120\n%s' "${WORKLOAD_EXTRA:-}"
  } >"$LAB/run/$guest/share/$name.yaml"
  mkdir -p "$LAB/run/workloads"
  echo "$program" >"$LAB/run/workloads/$name"
  in_guest "$guest" "cp /lab/$name.yaml /etc/sluice/workloads.d/$name.yaml"
}

# workload_status GUEST NAME: asks the workload's own program, as the agent does; prints running, stopped or unknown
workload_status() {
  in_guest "$1" "SLUICE_WORKLOAD=$2 $(cat "$LAB/run/workloads/$2") status >/dev/null 2>&1
    case \$? in 0) echo running ;; 3) echo stopped ;; *) echo unknown ;; esac"
}

# workload_restart GUEST NAME: as an operator does by hand, whose disk is a device of the kernel
workload_restart() {
  local program
  program=$(cat "$LAB/run/workloads/$2")
  in_guest "$1" "export SLUICE_WORKLOAD=$2 SLUICE_DISK_0=/dev/mapper/sluice-$2; $program stop && $program start" || lab_die "workload $2 cannot be restarted on $1"
}

workload_runs_on() { [ "$(workload_status "$1" "$2")" = running ]; }
await_running() { until_true "${3:-600}" "workload $2 runs on $1" workload_runs_on "$1" "$2"; }

# ------------------------------------------------------------------------------------------------------------------ drains

# drain_start WORKER [JSON]: its id
drain_start() { api POST "/workers/$1/drain" "${2:-{\}}" | jq -r .id; }
drain_phase() { api GET "/drains/$1" | jq -r .phase; }
drain_is() { [ "$(drain_phase "$1")" = "$2" ]; }

# await_drained DRAIN [SECONDS]: safe to power off, or the reason why not
await_drained() {
  local end=$((SECONDS + ${2:-900})) view
  while :; do
    view=$(api GET "/drains/$1" || true)
    [ "$(jq -r .safeToPowerOff.value <<<"$view")" != true ] || return 0
    if [ $SECONDS -ge "$end" ] || [ "$(jq -r .phase <<<"$view")" = BLOCKED ]; then
      jq -r '"drain \(.id) of \(.worker) is \(.phase)",
        (.safeToPowerOff.blockers[] | "  \(.code) \(.subject): \(.message)"), (.refusals[] | "  \(.code): \(.message)"),
        (.migrations[] | "  \(.workload) \(.state) \(.reason.message // "")")' <<<"$view" >&2
      lab_die "worker $(jq -r .worker <<<"$view") is not drained"
    fi
    pause 0.5
  done
}

# migration_of DRAIN WORKLOAD: the id of its newest migration
migration_of() { api GET "/drains/$1" | jq -r "[.migrations[] | select(.workload == \"$2\")] | max_by(.attempt) | .id // empty"; }
migration_state() { api GET "/migrations/$1" | jq -r .state; }
migration_is() { [ "$(migration_state "$1")" = "$2" ]; }
await_state() { until_true "${3:-600}" "migration $1 is $2" migration_is "$1" "$2"; }

# drain_to_state WORKER WORKLOAD STATE: starts a drain and stops it in that state; sets $drain and $migration
drain_to_state() {
  hold_in "$3"
  drain=$(drain_start "$1")
  until_true 300 "$2 has a migration" migration_exists "$2"
  migration=$(migration_of "$drain" "$2")
  await_state "$migration" "$3"
}
migration_exists() { [ -n "$(migration_of "$drain" "$1")" ]; }

# await_cancelled DRAIN: nothing of it is under way any more
await_cancelled() { until_true 600 "drain $1 is cancelled" drain_is "$1" CANCELLED; }

# hydrated_bytes MIGRATION: how much of it is on its destination
hydrated_bytes() { api GET "/migrations/$1" | jq -r '.progress.hydratedBytes // 0'; }
hydration_passes() { [ "$(hydrated_bytes "$1")" -gt "$2" ]; }

# ceiling_set SCOPE/NAME/DIRECTION BYTES_PER_SECOND / ceiling_remove SCOPE/NAME/DIRECTION: both hosts of a migration keep to it
ceiling_set() { as_admin api PUT "/ceilings/$1" "{\"bytesPerSecond\": $2}" >/dev/null; }
ceiling_remove() { as_admin api DELETE "/ceilings/$1" >/dev/null; }
as_admin() { lab_token=admin "$@"; }

uncordon() { api POST "/workers/$1/uncordon" >/dev/null; }

# tell_migration MIGRATION: what it took, in one line
tell_migration() {
  api GET "/migrations/$1" | jq -r '
    (.history | map(select(.from == "Hydrating")) | .[0].millisInPrevious) as $hydrating
    | "          \(.workload) \(.source) → \(.destination): interruption \(.interruptionMs) ms, hydration \(($hydrating // 0) / 1000) s"
    + ", copied \((.progress.copiedBytes // 0) / 1048576 | floor) MiB, never read \((.progress.skippedBytes // 0) / 1048576 | floor) MiB"
    + (if .verification then ", verified \(.verification.verifiedRegions) regions, \(.verification.mismatchedRegions) differ" else "" end)'
}
