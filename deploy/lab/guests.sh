# Guests, their network and their disks; sourced by `lab` and used by the scenarios.
#
# A guest is a User-Mode Linux process: its root is this machine's root, read-only, below the unpacked packages and a RAM disk
# for what it changes. It has one network card on a bridge in a network namespace, and block devices that are files here.
# Names: guest NAME with number N has the address 10.77.0.(10+N); this machine is 10.77.0.1 in the namespace.

lab_namespace=${SLUICE_LAB_NAMESPACE:-sluice-lab}
lab_net=10.77.0
lab_packages=(user-mode-linux open-iscsi lvm2 dmsetup udev kmod libaio1 iproute2 iputils-ping thin-provisioning-tools
  busybox-static e2fsprogs)
lab_step_began=$EPOCHREALTIME

lab_die() {
  printf 'lab: %s\n' "$*" >&2
  exit 1
}

seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }

# step WORDS: what has just been done, with the time it took
step() {
  printf '  %6s s  %s\n' "$(seconds_since "$lab_step_began")" "$*"
  lab_step_began=$EPOCHREALTIME
}

require_host() {
  [ "$(id -u)" = 0 ] || lab_die "guests need network cards and namespaces: run it as root"
  local tool missing=()
  for tool in apt-get dpkg-deb ip flock setsid awk; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || lab_die "missing: ${missing[*]} (Debian: apt-get install iproute2 util-linux gawk)"
  [ -c /dev/net/tun ] || lab_die "/dev/net/tun is not there: modprobe tun, or give this container the device"
  mkdir -p "$LAB/run" "$LAB/disks"
}

# Packages are downloaded and unpacked, not installed. Debian keeps the guest kernel's modules apart: modprobe wants them in place.
fetch_layer() {
  [ ! -f "$LAB/layer/complete" ] || return 0
  local log=$LAB/fetch.log deb kernel
  rm -rf "$LAB/layer"
  mkdir -p "$LAB/debs/partial" "$LAB/layer/usr/lib/modules"
  apt-get update -qq >"$log" 2>&1 || true
  apt-get -y --no-install-recommends --download-only --reinstall -o Dir::Cache::archives="$LAB/debs" -o APT::Sandbox::User=root \
    install "${lab_packages[@]}" >>"$log" 2>&1 || lab_die "packages could not be fetched: $(tail -n 3 "$log")"
  for deb in "$LAB"/debs/*.deb; do
    # unpacking by itself knows nothing of /bin, /sbin and /lib being links into /usr
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$LAB/layer" --keep-directory-symlink \
      --transform='flags=rSh;s,^\./\(bin\|sbin\|lib\|lib64\)\(/\|$\),./usr/\1\2,'
  done
  kernel=$(ls "$LAB/layer/usr/lib/uml/modules")
  mv "$LAB/layer/usr/lib/uml/modules/$kernel" "$LAB/layer/usr/lib/modules/$kernel"
  touch "$LAB/layer/complete"
  step "packages of the lab unpacked, kernel $kernel"
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
  if ip netns list 2>/dev/null | grep -q "^$lab_namespace\b"; then ip netns del "$lab_namespace"; fi
}

# guest_start NAME N MEMORY DISK…: disks are files here, /dev/ubda, /dev/ubdb, … there
guest_start() {
  local name=$1 number=$2 memory=$3 dir=$LAB/run/$1 letter=a image disks=()
  shift 3
  rm -rf "$dir"
  mkdir -p "$dir/share/commands"
  for image in "$@"; do
    disks+=("ubd$letter=$image")
    letter=$(tr a-y b-z <<<"$letter")
  done
  ip -n "$lab_namespace" tuntap add "tap$name" mode tap
  ip -n "$lab_namespace" link set "tap$name" master bridge up
  # Words the kernel does not know reach its first process as environment.
  TMPDIR=/dev/shm HOME=$dir setsid ip netns exec "$lab_namespace" "$LAB/layer/usr/bin/linux.uml" \
    umid="$name" uml_dir="$dir/" mem="$memory" rootfstype=hostfs rootflags=/ ro init="$(dirname "${BASH_SOURCE[0]}")/guest-init" \
    "${disks[@]}" "vec0:transport=tap,ifname=tap$name,depth=128,gro=1,mac=02:00:00:00:00:$(printf %02x "$number")" \
    con=null con0=null,fd:1 con1=null ssl=null \
    guest_layer="$LAB/layer" guest_share="$dir/share" guest_name="$name" guest_address="$lab_net.$((10 + number))/24" \
    </dev/null >"$dir/console" 2>&1 &
  echo $! >"$dir/pid"
  disown
}

guest_wait() {
  local dir=$LAB/run/$1 end=$((SECONDS + 60))
  until [ -e "$dir/share/up" ]; do
    if [ $SECONDS -ge $end ] || ! kill -0 "$(cat "$dir/pid")" 2>/dev/null; then
      tail -n 20 "$dir/console" >&2
      lab_die "guest $1 did not come up"
    fi
    sleep 0.05
  done
}

# in_guest NAME 'COMMANDS': its output and exit status. Goes through files, so it works with the network cable out.
in_guest() {
  local dir=$LAB/run/$1 file=$LAB/run/$1/share/commands/$BASHPID.$RANDOM status
  printf '%s\n' "$2" >"$file.new"
  mv "$file.new" "$file.sh"
  until [ -e "$file.status" ]; do
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || lab_die "guest $1 is gone"
    sleep 0.02
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

power_cut() { kill -9 -- "-$(cat "$LAB/run/$1/pid")"; }

# server NAME COMMAND…: a process of this machine in the guests' network
server() {
  local name=$1 dir=$LAB/run/$1
  shift
  mkdir -p "$dir"
  setsid ip netns exec "$lab_namespace" "$@" </dev/null >>"$dir/log" 2>&1 &
  echo $! >"$dir/pid"
  disown
}

server_kill() {
  kill -9 -- "-$(cat "$LAB/run/$1/pid")"
  while kill -0 "$(cat "$LAB/run/$1/pid")" 2>/dev/null; do sleep 0.01; done
}

# until_true SECONDS WHAT COMMAND…
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || lab_die "waited in vain: $what"
    sleep 0.1
  done
}

expect() {
  local what=$1
  shift
  "$@" || lab_die "does not hold: $what"
}
