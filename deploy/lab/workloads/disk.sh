# What the lab's workloads have in common, sourced by their programs: finding their disk and mounting the filesystem on it.
# The agent gives the disk's address in SLUICE_DISK_0: a device, or an iSCSI target of its own on loopback.

workload=$SLUICE_WORKLOAD
mount_point=/mnt/$workload
own=/run/workload-$workload
mkdir -p "$own"

# disk_device: logs in where that is needed; prints the device
disk_device() {
  case $SLUICE_DISK_0 in
    /dev/*) echo "$SLUICE_DISK_0" ;;
    iscsi://*) login ;;
  esac
}

# iscsi://HOST:PORT/IQN/LUN → $portal and $iqn
split_address() {
  portal=${1#iscsi://}
  portal=${portal%%/*}
  iqn=${1#iscsi://*/}
  iqn=${iqn%/*}
}

login() {
  local portal iqn device record
  split_address "$SLUICE_DISK_0"
  echo "$SLUICE_DISK_0" >"$own/address"
  device=/dev/disk/by-path/ip-$portal-iscsi-$iqn-lun-${SLUICE_DISK_0##*/}
  if [ ! -b "$device" ]; then
    iscsiadm -m node -T "$iqn" -p "$portal,1" -o new >/dev/null
    # the record is a file: a secret in an argument could be read by anybody
    record=$(find /etc/iscsi/nodes -path "*$iqn*" -type f)
    {
      grep -vE '^node.session.auth.(authmethod|username|password) |^node.session.timeo.replacement_timeout|^# END RECORD' "$record"
      echo "node.session.auth.authmethod = CHAP"
      echo "node.session.auth.username = $SLUICE_DISK_0_USER"
      echo "node.session.auth.password = $(cat "$SLUICE_DISK_0_SECRET_FILE")"
      # the agent may be away: wait for it, for ever
      echo "node.session.timeo.replacement_timeout = -1"
      echo "# END RECORD"
    } >"$own/record"
    cat "$own/record" >"$record"
    iscsiadm -m node -T "$iqn" -p "$portal,1" --login >/dev/null || [ $? = 15 ]
    for _ in $(seq 300); do
      [ ! -b "$device" ] || break
      sleep 0.1
    done
  fi
  echo "$device"
}

# Returns once the kernel has no such session any more: one that is being re-established takes no logout, or takes it minutes later, under whatever
# runs there by then.
logout() {
  local portal iqn
  [ -f "$own/address" ] || return 0
  split_address "$(cat "$own/address")"
  for _ in $(seq 100); do
    grep -qsx "$iqn" /sys/class/iscsi_session/*/targetname || break
    iscsiadm -m node -T "$iqn" -p "$portal,1" --logout >/dev/null 2>&1 || sleep 0.3
  done
  if grep -qsx "$iqn" /sys/class/iscsi_session/*/targetname; then
    echo "the session with $iqn does not end" >&2
    return 1
  fi
  iscsiadm -m node -T "$iqn" -p "$portal,1" -o delete >/dev/null || [ $? = 21 ]
  rm -f "$own/address"
}

mount_disk() {
  local device
  mkdir -p "$mount_point"
  ! mountpoint -q "$mount_point" || return 0
  device=$(disk_device)
  echo "$device" >"$own/device"
  mount -t ext4 "$device" "$mount_point"
}

unmount_disk() {
  if mountpoint -q "$mount_point"; then umount "$mount_point"; fi
  logout
}

# Stopped is only what holds its disk no more: a stop that was killed half-way has to be run again.
released() { ! mountpoint -q "$mount_point" && [ ! -f "$own/address" ]; }

# A zombie is gone: whoever adopted it may be slow to bury it.
alive() { read -r _ _ state _ <"/proc/$1/stat" && [ "$state" != Z ]; } 2>/dev/null
