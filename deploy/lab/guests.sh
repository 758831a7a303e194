# Guests, their network and their disks; sourced by `lab` and used by the scenarios.
#
# A guest is a User-Mode Linux process: its root is this machine's root, read-only, below the unpacked packages and a RAM disk
# for what it changes. It has one network card on a bridge in a network namespace, and block devices that are files here.
# Names: guest NAME with number N has the address 10.77.0.(10+N); this machine is 10.77.0.1 in the namespace.

lab_namespace=${SLUICE_LAB_NAMESPACE:-sluice-lab}
lab_net=10.77.0
lab_packages=(user-mode-linux open-iscsi lvm2 dmsetup udev kmod iproute2 iputils-ping thin-provisioning-tools
  busybox-static e2fsprogs python3 postgresql nftables)
lab_guest_init=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/guest-init
lab_step_began=$EPOCHREALTIME

lab_die() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

# pause SECONDS: as sleep, without a process
exec {lab_silence}<> <(:)
pause() { read -r -t "$1" -u "$lab_silence" || true; }

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# step WORDS: what has just been done, with the time it took
step() {
  printf '  %6s s  %s\n' "$(seconds_since "$lab_step_began")" "$*"
  lab_step_began=$EPOCHREALTIME
}

# Each thing that is missing with its remedy, all of them at once.
require_host() {
  local missing=() tool package
  [ "$(id -u)" = 0 ] || missing+=("root: guests need network cards and namespaces; run it with sudo")
  while read -r tool package; do
    command -v "$tool" >/dev/null || missing+=("$tool: apt-get install $package")
  done <<'TOOLS'
apt-get the-machine-must-be-Debian-12-or-later
dpkg-deb dpkg
ip iproute2
flock util-linux
setsid util-linux
awk gawk
curl curl
jq jq
TOOLS
  [ -c /dev/net/tun ] || missing+=("/dev/net/tun: modprobe tun, or give this container the device")
  if [ ${#missing[@]} -gt 0 ]; then
    printf 'lab: missing here: %s\n' "${missing[@]}" >&2
    exit 2
  fi
  mkdir -p "$LAB/run" "$LAB/disks"
}

unpacked() { [ "$(cat "$1/complete" 2>/dev/null)" = "${*:2}" ]; }

# unpack_packages DIRECTORY PACKAGE…: downloaded and unpacked there with what they need, not installed
unpack_packages() {
  local into=$1 log=$1.log debs=$1.debs deb
  shift
  rm -rf "$into"
  mkdir -p "$debs/partial" "$into/usr/lib/modules"
  apt-get update -qq >"$log" 2>&1 || true
  apt-get -y --no-install-recommends --download-only --reinstall -o DPkg::Lock::Timeout=300 -o Dir::Cache::archives="$debs" -o APT::Sandbox::User=root \
    install "$@" >>"$log" 2>&1 || lab_die "packages could not be fetched: $(tail -n 3 "$log")"
  for deb in "$debs"/*.deb; do
    # unpacking by itself knows nothing of /bin, /sbin and /lib being links into /usr
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$into" --keep-directory-symlink \
      --transform='flags=rSh;s,^\./\(bin\|sbin\|lib\|lib64\)\(/\|$\),./usr/\1\2,'
  done
  rm -rf "$into"/usr/share/{doc,man,locale}
  printf '%s\n' "$*" >"$into/complete"
}

# Debian keeps the guest kernel's modules apart: modprobe wants them in place.
fetch_layer() {
  local kernel
  ! unpacked "$LAB/layer" "${lab_packages[@]}" || return 0
  unpack_packages "$LAB/layer" "${lab_packages[@]}"
  kernel=$(ls "$LAB/layer/usr/lib/uml/modules")
  mv "$LAB/layer/usr/lib/uml/modules/$kernel" "$LAB/layer/usr/lib/modules/$kernel"
  step "packages of the lab unpacked, kernel $kernel"
}

# Put before a command of this machine, it finds the programs of the packages (PostgreSQL's, nft), which are not installed here.
packaged=()
find_packaged() {
  local libraries programs
  libraries=$(printf '%s:' "$LAB"/layer/usr/lib/*-linux-gnu)
  # what is installed here was perhaps not downloaded; Debian's own psql is a slow wrapper
  programs=$(printf '%s:' "$LAB"/layer/usr/lib/postgresql/*/bin /usr/lib/postgresql/*/bin "$LAB"/layer/usr/sbin "$LAB"/layer/usr/bin)
  packaged=(env PATH="$programs$PATH" LD_LIBRARY_PATH="$libraries")
}

in_network() { ip netns exec "$lab_namespace" "$@"; }

network_up() {
  ip netns add "$lab_namespace"
  ip -n "$lab_namespace" link set lo up
  ip -n "$lab_namespace" link add bridge type bridge stp_state 0 forward_delay 0
  ip -n "$lab_namespace" addr add "$lab_net.1/24" dev bridge
  ip -n "$lab_namespace" link set bridge up
}

# Ends guests and servers of a run, by the process ids it wrote down, and removes the namespace. Harmless when there is nothing.
network_down() {
  local file
  for file in "$LAB"/run/*/pid; do
    [ -f "$file" ] || continue
    kill -9 -- "-$(cat "$file")" 2>/dev/null || true
    rm -f "$file"
  done
  if ip netns list 2>/dev/null | grep -qE "^$lab_namespace( |\$)"; then
    # whatever is in this namespace was started by the lab: a PostgreSQL outlives its killed orchestrator, for one; others are gone by now
    ip netns pids "$lab_namespace" | xargs -r kill -9 2>/dev/null || true
    ip netns del "$lab_namespace"
  fi
}

# guest_start NAME N MEMORY DISK…: disks are files here, /dev/ubda, /dev/ubdb, … there
guest_start() {
  local name=$1 dir=$LAB/run/$1
  rm -rf "$dir"
  mkdir -p "$dir/share/commands"
  printf '%s\n' "${@:2}" >"$dir/machine"
  ip -n "$lab_namespace" tuntap add "tap$name" mode tap
  ip -n "$lab_namespace" link set "tap$name" master bridge up
  guest_boot "$name"
}

# guest_boot NAME: switches a guest on, for the first time or again; what is on its disks and in its share is still there
guest_boot() {
  local name=$1 dir=$LAB/run/$1 letter=a image disks=() machine number memory
  mapfile -t machine <"$dir/machine"
  number=${machine[0]} memory=${machine[1]}
  for image in "${machine[@]:2}"; do
    disks+=("ubd$letter=$image")
    letter=$(tr a-y b-z <<<"$letter")
  done
  rm -rf "$dir/share/up" "$dir/share/commands" "$dir/bell"
  mkdir -p "$dir/share/commands"
  mkfifo "$dir/bell"
  # Words the kernel does not know reach its first process as environment.
  TMPDIR=/dev/shm HOME=$dir setsid ip netns exec "$lab_namespace" "$LAB/layer/usr/bin/linux.uml" \
    umid="$name" uml_dir="$dir/" mem="$memory" rootfstype=hostfs rootflags=/ ro init="$lab_guest_init" \
    "${disks[@]}" "vec0:transport=tap,ifname=tap$name,depth=128,gro=1,mac=02:00:00:00:00:$(printf %02x "$number")" \
    con=null con0=null,fd:1 con1=null ssl=null ssl0=fd:9,null \
    guest_layer="$(readlink -f "$LAB/layer")" guest_share="$dir/share" guest_home="$root" guest_name="$name" guest_address="$lab_net.$((10 + number))/24" \
    </dev/null >>"$dir/console" 2>&1 8>&- 9<>"$dir/bell" &
  echo $! >"$dir/pid"
  disown
}

guest_address() { echo "$lab_net.$((10 + $(head -n 1 "$LAB/run/$1/machine")))"; }

guest_wait() {
  local dir=$LAB/run/$1 end=$((SECONDS + 240))
  until [ -e "$dir/share/up" ]; do
    if [ $SECONDS -ge $end ] || ! kill -0 "$(cat "$dir/pid")" 2>/dev/null; then
      tail -n 20 "$dir/console" >&2
      lab_die "guest $1 did not come up"
    fi
    pause 0.1
  done
}

# in_guest NAME 'COMMANDS': its output and exit status. Goes through files, so it works with the network cable out.
in_guest() {
  local dir=$LAB/run/$1 file=$LAB/run/$1/share/commands/$BASHPID.$RANDOM status
  printf '%s\n' "$2" >"$file.new"
  mv "$file.new" "$file.sh"
  echo 1<>"$dir/bell"
  until [ -e "$file.status" ]; do
    kill -0 "$(<"$dir/pid")" 2>/dev/null || lab_die "guest $1 is gone"
    pause 0.02
  done
  cat "$file.out"
  cat "$file.err" >&2
  status=$(cat "$file.status")
  rm -f "$file".*
  return "$status"
}

# The cable is pulled at the bridge: a card that is set down here never works again there.
unplug() { ip -n "$lab_namespace" link set "tap$1" nomaster; }
plug() { ip -n "$lab_namespace" link set "tap$1" master bridge up; }

# Ends the guest between two instructions; what it wrote to its disks before is there at the next boot.
power_cut() {
  kill -9 -- "-$(cat "$LAB/run/$1/pid")"
  while kill -0 "$(<"$LAB/run/$1/pid")" 2>/dev/null; do pause 0.01; done
}

# server NAME COMMAND…: a process of this machine in the guests' network
server() {
  local name=$1 dir=$LAB/run/$1
  shift
  mkdir -p "$dir"
  setsid ip netns exec "$lab_namespace" "$@" </dev/null >>"$dir/log" 2>&1 8>&- &
  echo $! >"$dir/pid"
  disown
}

server_kill() {
  kill -9 -- "-$(cat "$LAB/run/$1/pid")"
  while kill -0 "$(<"$LAB/run/$1/pid")" 2>/dev/null; do pause 0.01; done
}

# until_true SECONDS WHAT COMMAND…: asks more and more seldom, for asking costs the guests time
until_true() {
  local end=$((SECONDS + $1)) what=$2 tries=0
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || lab_die "waited in vain: $what"
    if [ $((tries += 1)) -lt 10 ]; then pause 0.1; else pause 1; fi
  done
}

expect() {
  local what=$1
  shift
  "$@" || lab_die "does not hold: $what"
}
