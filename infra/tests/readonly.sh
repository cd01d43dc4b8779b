#!/bin/sh
# readonly.sh WRITABLE USER-ID COMMAND...: runs a command as another user where every file system is read-only but one folder.
# Needs root, or user namespaces (then the user stays oneself under another number).
set -eu
writable=$1 user=$2
shift 2
if [ "$(id -u)" -eq 0 ]; then flags=-m; else flags=-rm; fi
exec unshare $flags sh -eu -c '
  writable=$1 user=$2
  shift 2
  mount --make-rprivate /
  mount --bind "$writable" "$writable"
  while read -r _ _ _ _ point _; do
    [ "$point" = "$writable" ] || mount -o remount,bind,ro "$point" 2> /dev/null || true
  done < /proc/self/mountinfo
  # A root that could still be written would prove nothing.
  for place in / /tmp /var/tmp /dev/shm "$HOME"; do
    if touch "$place/written" 2> /dev/null; then rm -f "$place/written"; echo "$place is not read-only" >&2; exit 99; fi
  done
  cd /
  if [ "$(id -u)" -eq 0 ] && setpriv --reuid "$user" --regid "$user" --clear-groups true 2> /dev/null; then
    exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
  fi
  exec "$@"
' readonly "$writable" "$user" "$@"
