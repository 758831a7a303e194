# dm-clone as deploy/kernel builds it from Debian's source is loaded by Debian's own kernel, in a virtual machine, and clones a disk

[ "$(dpkg --print-architecture)" = amd64 ] || lab_die 'this machine is not amd64: the scenario boots a kernel of its own kind, and knows no other'
# the newest kernel, by its own name: what depends on it may be installed here, and would not be downloaded again
kernel=$(apt-cache depends linux-image-amd64 | sed -nE 's/^ *Depends: linux-image-(.*-amd64)$/\1/p' | head -n 1)
[ -n "$kernel" ] || lab_die 'apt knows no linux-image-amd64: apt-get update, on Debian'
# beside the lab's own packages, for both labs
layer=$(dirname "$(readlink -f "$LAB/layer")")/module
packages=("linux-image-$kernel" "linux-headers-$kernel" qemu-system-x86 gcc make xz-utils kmod dmsetup busybox-static)
unpacked "$layer" "${packages[@]}" || unpack_packages "$layer" "${packages[@]}"
step "Debian's kernel $kernel, its headers and an emulator are unpacked"

work=$LAB/run/module
rm -rf "$work"
mkdir -p "$work"
# Headers and modules refer to their places below /usr: they are seen there by these commands alone.
as_installed() {
  grep -q overlay /proc/filesystems || modprobe overlay 2>/dev/null || lab_die 'this kernel has no overlay filesystem: modprobe overlay'
  unshare --mount sh -c 'mount -t overlay overlay -o "lowerdir=$1/usr:/usr" /usr && shift && exec "$@"' as_installed "$layer" "$@"
}
KERNEL=$kernel as_installed "$root/deploy/kernel/dm-clone" build "$work/built" >"$work/build.log" 2>&1 || lab_die "the module is not built: $(tail -n 5 "$work/build.log")"
sed 's/^/          /' "$work/build.log" | tail -n 1 | sed "s,$work/,,"
step 'deploy/kernel/dm-clone has built the module'

as_installed "$lab_programs/virtual-machine" "$work" "$kernel" "$work/built/dm-clone.ko"
# every instruction is emulated: a virtual machine that is itself one of others often has no working kvm
server module env LD_LIBRARY_PATH="$(echo "$layer"/usr/lib/*-linux-gnu)" "$layer/usr/bin/qemu-system-x86_64" -L "$layer/usr/share/qemu" \
  -machine q35,accel=tcg -m 512 -nodefaults -display none -no-reboot -serial "file:$work/console" \
  -kernel "$layer/boot/vmlinuz-$kernel" -initrd "$work/initramfs" -append 'console=ttyS0 quiet panic=-1'
ended() { ! kill -0 "$(cat "$work/pid")" 2>/dev/null; }
until_true 300 "the virtual machine ends, see $work/console" ended
tr -d '\r' <"$work/console" | sed -n '/^lab: held/d; s/^lab: /          /p'
grep -q '^lab: held' "$work/console" || lab_die "does not hold: Debian's kernel clones with it; console: $(tail -n 5 "$work/console")"
step "kernel $kernel has cloned a disk with it, under reads and writes, and settled"
