# LVM's own volumes: a thin volume is drained to another worker's thin pool, exact size, holes left out, the old copy fenced

# lvm_worker NAME N: a worker whose one pool is a thin pool
lvm_worker() {
  local name=$1 system=$LAB/disks/$1-system.img disk=$LAB/disks/$1-lvm.img
  rm -f "$system" "$disk"
  truncate -s 4G "$system"
  truncate -s 1G "$disk"
  guest_start "$name" "$2" 640M "$system" "$disk"
  worker_configure "$name"
  sed -i '/^pools:/,$d' "$LAB/run/$name/share/agent.yaml"
  cat >>"$LAB/run/$name/share/agent.yaml" <<'YAML'
pools:
  - name: thin
    kind: lvm-thin
    volumeGroup: vg0
    thinPool: pool
YAML
}

sum() { in_guest "$1" "dd if=$2 bs=1M iflag=direct status=none | sha256sum"; }
fact() { in_guest "$1" "lvs --noheadings --units b --nosuffix -o $3 vg0/$2" | tr -d ' '; }
there() { in_guest "$1" "lvs vg0/$2" >/dev/null 2>&1; }

rm -rf "$LAB/run/orchestrator" "$LAB/run/workloads"
fleet_guests=(a b)
orchestrator_start
lvm_worker a 1
lvm_worker b 2
for name in a b; do
  guest_wait "$name"
  in_guest "$name" "modprobe dm-thin-pool
    vgcreate -qq -y vg0 /dev/ubdb
    lvcreate -qq -y -L 512M --thinpool pool vg0 >/dev/null 2>&1"
done
in_guest a "set -e
  lvcreate -qq -y -n orders -V 256M --thinpool pool vg0 >/dev/null 2>&1
  dd if=/dev/urandom of=/dev/vg0/orders bs=1M count=24 status=none
  dd if=/dev/urandom of=/dev/vg0/orders bs=64k count=40 seek=3000 conv=fsync status=none
  lvcreate -qq -y -n strangers -V 64M --thinpool pool vg0 >/dev/null 2>&1
  lvchange -qq --addtag sluice vg0/orders"
before=$(sum a /dev/vg0/orders)
taken=$(fact a orders data_percent)
step "each guest has a thin pool; a holds a volume of 256 MiB, $taken % of it taken"

for name in a b; do worker_up "$name"; done
orchestrator_ready
until_true 180 'both workers have registered' workers_connected 2
step 'orchestrator and workers a, b are up'

drain=$(drain_start a)
await_drained "$drain" 420
step "a is drained: safe to power off"

expect 'the volume on b has the exact size' test "$(fact b orders lv_size)" = $((256 << 20))
expect 'the content is the same' test "$(sum b /dev/vg0/orders)" = "$before"
expect 'what was not taken on the source is not taken here' test "$(fact b orders data_percent)" = "$taken"
expect 'the copy on b may be written' test "$(fact b orders lv_permissions)" = writeable
fact b orders lv_tags | grep -q 'sluice.standing=owned/1/1/.*/whole/' || lab_die "the standing on b is $(fact b orders lv_tags)"
expect 'the old copy has made way' test "$(in_guest a 'lvs --noheadings -o lv_name,lv_permissions -S "lv_name=~^orders" vg0' | tr -s ' ')" = ' orders+0 read-only'
expect 'what is not tagged is left alone' there a strangers
step "b owns it, exact, with the same holes; a keeps a read-only copy aside"
in_guest a 'if dd if=/dev/zero of=/dev/vg0/orders+0 bs=4k count=1 oflag=direct 2>/dev/null; then exit 1; fi' ||
  lab_die 'does not hold: the retired copy cannot be written'
step 'the retired copy cannot be written'
