# Linux's own initiator on the target: mutual CHAP, digests, ext4 under load while the target is killed and started again

disk=$LAB/disks/kernel-initiator.img
iqn=iqn.2026-11.io.sluice:lab
portal=$lab_net.1:3260
rm -f "$disk"
truncate -s 256M "$disk"
secrets=$LAB/run/secrets
mkdir -p "$secrets"
(umask 077 && printf 'secret-of-the-guest' >"$secrets/chap" && printf 'secret-of-the-target' >"$secrets/mutual")

target() {
  server target "$root/sluice" target --portal "$portal" --iqn "$iqn" --lun "$disk" \
    --chap guest --chap-secret-file "$secrets/chap" --mutual target --mutual-secret-file "$secrets/mutual"
}
listening() { in_network ss -tln | grep -q ":3260 "; }
B() { in_guest B "set -e; $1"; }

guest_start B 1 512M
target
guest_wait B
until_true 60 'the target listens' listening
step 'guest and target are up'

B "iscsid
   n() { iscsiadm -m node -T $iqn -p $portal,1 \"\$@\"; }
   n -o new >/dev/null
   set_to() { n -o update -n \"\$1\" -v \"\$2\"; }
   set_to node.session.auth.authmethod CHAP
   set_to node.session.auth.username guest
   set_to node.session.auth.password wrong-secret-of-guest
   set_to node.session.auth.username_in target
   set_to node.session.auth.password_in secret-of-the-target
   set_to node.conn[0].iscsi.HeaderDigest CRC32C
   set_to node.conn[0].iscsi.DataDigest CRC32C
   set_to node.session.initial_login_retry_max 1
   if n --login >/dev/null 2>&1; then echo 'logged in with a wrong secret' >&2; exit 1; fi
   set_to node.session.auth.password secret-of-the-guest
   n --login >/dev/null
   udevadm settle
   test -b /dev/disk/by-path/ip-$portal-iscsi-$iqn-lun-0"
step 'a wrong secret is refused, the right one logs in, both sides proven'

B "sd=\$(basename \$(readlink -f /dev/disk/by-path/*-lun-0))
   test \$(blockdev --getsize64 /dev/\$sd) = $((256 << 20))
   test \$(cat /sys/block/\$sd/queue/discard_max_bytes) -gt 0
   grep -qx 'write back' /sys/block/\$sd/queue/write_cache
   mkfs.ext4 -q /dev/\$sd
   mkdir -p /mnt/d
   mount /dev/\$sd /mnt/d"
step 'ext4 made and mounted; size, discard and write cache are as served'

# Each round is a file written and synced. How many there were goes to the share, and so does every pause of more than half a second.
B "cat >/run/load.py <<'P'
import hashlib, os, time
last = time.monotonic(); n = 0
sums = open('/mnt/d/sums', 'w')
while not os.path.exists('/run/stop'):
    data = os.urandom(65536)
    with open('/mnt/d/f%d' % (n % 500), 'wb') as f:
        f.write(data); f.flush(); os.fsync(f.fileno())
    sums.write('%d %s\n' % (n, hashlib.sha256(data).hexdigest())); sums.flush(); os.fsync(sums.fileno())
    now = time.monotonic(); pause = now - last; last = now; n += 1
    if pause > 0.5:
        with open('/lab/pauses', 'a') as p: p.write('%.1f s\n' % pause)
    with open('/lab/progress.new', 'w') as p: p.write('%d\n' % n)
    os.rename('/lab/progress.new', '/lab/progress')
P
   (python3 /run/load.py >/lab/load.log 2>&1; echo \$? >/lab/load.status) </dev/null >/dev/null 2>&1 &"
rounds() { cat "$LAB/run/B/share/progress" 2>/dev/null || echo 0; }
more_rounds() { [ "$(rounds)" -gt $(($1 + 20)) ]; }
until_true 30 'the load runs' more_rounds 0
step "load runs: a file of 64 KiB written, synced and summed each round"

for _ in 1 2 3; do
  before=$(rounds)
  server_kill target
  target
  until_true 60 'the load goes on after the target came back' more_rounds "$before"
done
step "target killed and started again 3 times under load; pauses: $(paste -sd, "$LAB/run/B/share/pauses" 2>/dev/null || echo none)"

B "touch /run/stop; for i in \$(seq 100); do [ -e /lab/load.status ] && break; read -t 0.1 <>/run/never || :; done
   cat /lab/load.log; test \"\$(cat /lab/load.status)\" = 0"
expect 'no I/O error reached the guest' B "! dmesg | grep -iE 'I/O error|EXT4-fs error|offline|Medium Error'"
step 'the load saw no error, nor did the kernel'

B "umount /mnt/d; sd=/dev/disk/by-path/ip-$portal-iscsi-$iqn-lun-0; e2fsck -fn \$sd >/dev/null 2>&1
   mount \$sd /mnt/d
   python3 - <<'P'
import hashlib
newest = {}
for line in open('/mnt/d/sums'):
    n, s = line.split(); newest[int(n) % 500] = s
bad = [f for f, s in newest.items() if hashlib.sha256(open('/mnt/d/f%d' % f, 'rb').read()).hexdigest() != s]
assert newest and not bad, 'files that differ: %s' % bad
print('%d files are as they were synced' % len(newest))
P
   umount /mnt/d
   iscsiadm -m node -u >/dev/null"
step 'e2fsck is clean and every synced file is there'
power_cut B
server_kill target
