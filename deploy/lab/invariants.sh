# What must hold, looked at from outside: not what Sluice says, but what the guests' kernels, disks and processes are. Sourced by `lab`.

look_at() { in_guest "$1" "$lab_programs/worker look"; }

# expect_one_home WORKLOAD GUEST VOLUME…: it runs there and nowhere else, and of each volume the only writable copy is there
expect_one_home() {
  local workload=$1 home=$2 guest volume status writable
  shift 2
  in_parallel see_home_on "${fleet_guests[@]}" || lab_die 'the guests could not be looked at'
  for guest in "${fleet_guests[@]}"; do
    status=$(head -n 1 "$LAB/run/$guest/seen")
    if [ "$guest" = "$home" ]; then
      [ "$status" = running ] || lab_die "does not hold: workload $workload runs on $guest; it is $status there"
    else
      [ "$status" = stopped ] || lab_die "does not hold: workload $workload does not run on $guest; it is $status there"
    fi
  done
  for volume in "$@"; do
    writable=$(for guest in "${fleet_guests[@]}"; do sed -n "s/^volume $volume rw .*/$guest/p" "$LAB/run/$guest/seen"; done | xargs)
    [ "$writable" = "$home" ] || lab_die "does not hold: volume $volume is writable on $home alone; it is on: $writable"
  done
}

# what is seen of $workload and of all there is on a guest
see_home_on() { { workload_status "$1" "$workload" && look_at "$1"; } >"$LAB/run/$1/seen"; }

# where_at_once CHECK…: the first guest where it holds (CHECK… GUEST), and those where it holds at the same time. Guests are looked at one after another, and what is looked
# for may move from one to the next meanwhile: it is in two places only where it is still in the first after it was seen in the second.
where_at_once() {
  local guests=("${fleet_guests[@]}") guest homes
  while true; do
    homes=()
    for guest in "${guests[@]}"; do if "$@" "$guest"; then homes+=("$guest"); fi; done
    if [ ${#homes[@]} -le 1 ] || "$@" "${homes[0]}"; then break; fi
    guests=("${homes[@]:1}")
  done
  echo "${homes[*]}"
}
runs_on() { workload_runs_on "$2" "$1"; }
serves_disk() { grep -q "^device sluice-$1 [a-z]*$" <<<"$(look_at "$2")"; }

# expect_at_most_one_home WORKLOAD VOLUME…: in the middle of a move it may run nowhere, but never twice; and no two guests serve its disk
expect_at_most_one_home() {
  local workload=$1 volume homes
  shift
  homes=$(where_at_once runs_on "$workload")
  [[ $homes != *' '* ]] || lab_die "does not hold: workload $workload runs on one guest at most; it runs on $homes"
  for volume in "$@"; do
    homes=$(where_at_once serves_disk "$volume")
    [[ $homes != *' '* ]] || lab_die "does not hold: one guest at most serves the disk of $volume; it is served on $homes"
  done
}

# LVM is told of a standing some seconds after the agent has it; until then it lies in a file. What was seen then is in `look`: one takes seconds on a busy guest.
lvm_knows() {
  look=$(look_at "$1") || lab_die "guest $1 could not be looked at"
  ! grep -q '^standing ' <<<"$look"
}

# expect_nothing_left GUEST…: nothing of any migration: no export, session, record of an attachment or node or a draft of one, metadata, nor
# device but plain ones and, where a volume is a file, the way to its agent's portal, as long as the writable copy is here
expect_nothing_left() { in_parallel expect_nothing_left_on "$@" || exit 1; }

expect_nothing_left_on() {
  local guest=$1 left look
  until_true 30 "LVM of $guest has been told every standing" lvm_knows "$guest"
  left=$(awk '
    $1 == "volume" { if ($3 == "rw") portal["sluice-" $2 ".portal"]; next }
    $1 == "device" && ($3 == "linear" || $3 == "multipath" && $2 in portal) { next }
    ($1 == "session" || $1 == "record") && $2 ~ /^iqn\.2026-11\.io\.sluice:disk\./ { next }
    { print }' <<<"$look")
  [ -z "$left" ] || lab_die "does not hold: nothing of a migration is left on $guest: $left"
  left=$(in_guest "$guest" "curl -s --max-time 10 http://127.0.0.1:9464/metrics | grep -o 'sluice:export[^\"]*' | sort -u" || true)
  [ -z "$left" ] || lab_die "does not hold: $guest exports nothing any more: $left"
}

# expect_no_copy GUEST VOLUME: nothing of the volume lies there, not even a retired copy
expect_no_copy() {
  ! look_at "$1" | grep -q "^volume $2 " || lab_die "does not hold: nothing of volume $2 lies on $1"
}

# expect_no_io_errors: whatever was away, programs and filesystems of the guests saw nothing but waiting. Where disks come from the kernel
# each lies under a map that queues: the disk of a source that is away or gone fails below it, and nobody but a scanner sees that.
expect_no_io_errors() {
  local guest found below='^$'
  [ "${LAB_DISKS:-kernel}" != kernel ] || below='I/O error, dev sd|rejecting I/O to (dead|offline) device|Buffer I/O error on dev sd'
  for guest in "${fleet_guests[@]}"; do
    found=$(in_guest "$guest" "dmesg >/run/dmesg && { grep -iE 'I/O error|EXT4-fs error|EXT4-fs warning.*error|Medium Error|aborting journal|rejecting I/O' /run/dmesg | grep -vE '$below' | head -n 3; true; }") \
      || lab_die "guest $guest cannot be asked for its kernel log"
    [ -z "$found" ] || lab_die "does not hold: no I/O error reached guest $guest: $found"
  done
}

# expect_records GUEST WORKLOAD: each write that a `writer` was acknowledged, on whichever guest, is there; none was made by two at once
expect_records() {
  local guest journals=$LAB/run/$1/share/journals-$2
  mkdir -p "$journals"
  for guest in "${fleet_guests[@]}"; do
    [ ! -f "$LAB/run/$guest/share/journal-$2" ] || cp "$LAB/run/$guest/share/journal-$2" "$journals/$guest"
  done
  in_guest "$1" "SLUICE_WORKLOAD=$2 $lab_programs/workloads/writer check" || lab_die "does not hold: no acknowledged write of $2 is lost"
}

# expect_clean_filesystem GUEST WORKLOAD VOLUME: ends the workload first, for good
expect_clean_filesystem() {
  local path
  in_guest "$1" "SLUICE_WORKLOAD=$2 DATABASE_ADDRESS=$lab_database_address $(cat "$LAB/run/workloads/$2") stop" || lab_die "workload $2 does not stop"
  path=$(look_at "$1" | sed -n "s/^volume $3 rw //p")
  in_guest "$1" "e2fsck -fn $path >/run/e2fsck 2>&1 || { cat /run/e2fsck; exit 1; }" || lab_die "does not hold: the filesystem of $3 is clean"
}
