#!/bin/sh
# rootfs.sh ROOT PROGRAM...: makes ROOT hold these programs, the system's libraries that they load, the user fleetwright
# and nothing else: no package manager, no shell unless it is named. Of the files in LIBRARIES_OF only those libraries.
set -eu
root=$1
shift

copy() {
  mkdir -p "$root$(dirname "$1")"
  cp -L "$1" "$root$1"
}

copy_libraries() {
  ldd "$1" | tr ' \t' '\n\n' | grep -E '^/(usr/)?lib' | while read -r library; do copy "$library"; done
}

for name in "$@"; do
  program=$(command -v "$name")
  copy "$program"
  copy_libraries "$program"
done
for file in ${LIBRARIES_OF:-}; do copy_libraries "$file"; done

mkdir -p "$root/etc" "$root/tmp" "$root/data"
echo 'fleetwright:x:65532:65532:Fleetwright:/data:/sbin/nologin' >"$root/etc/passwd"
echo 'fleetwright:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
# Elsewhere than in an image the folder stays with whoever tries this out.
[ "$(id -u)" != 0 ] || chown 65532:65532 "$root/data"
