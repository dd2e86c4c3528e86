# lock.sh   Functions: one lock at a time per directory name, also between hosts that share it.
# A lock knows its owner by pid, start time and boot id together; one whose owner is gone is taken over. An owner on
# another host cannot be looked at: it is waited for.
root=$PWD/.rankwise
boot=$(cat /proc/sys/kernel/random/boot_id)
node=$(uname -n)
tell() { printf '\n%s %s\n' "$tag" "$1"; }
start_of() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  case $1 in Z | X) return 1 ;; esac # ended, only not yet collected
  shift 19
  echo "$1"
}
is_stale() { # is_stale DIRECTORY SECONDS-WAITED
  if ! IFS=' ' read -r lock_pid lock_start lock_boot lock_node 2>/dev/null <"$1/owner"; then
    [ "$2" -gt 5 ] # taken, but its owner ended before it could say its name
    return
  fi
  [ "$lock_node" = "$node" ] || return 1
  [ "$lock_boot" = "$boot" ] || return 0
  [ "$(start_of "$lock_pid")" != "$lock_start" ]
}
take_lock() { # take_lock DIRECTORY SECONDS WORDS-WHILE-WAITING
  waited=0
  until (umask 077 && mkdir -- "$1") 2>/dev/null; do
    [ -d "$1" ] || { mkdir -m 700 -- "$1"; return; }
    if is_stale "$1" "$waited"; then
      # Only one can move it. What was moved may be the lock of somebody who was faster: then it goes back.
      aside=$1.stale.$$
      if mv -- "$1" "$aside" 2>/dev/null; then
        if is_stale "$aside" "$waited"; then rm -rf -- "$aside"; else mv -- "$aside" "$1"; fi
      fi
      continue
    fi
    if [ "$waited" -ge "$2" ]; then
      echo "$1 is held by process $lock_pid on $lock_node" >&2
      return 1
    fi
    [ "$waited" -eq 0 ] && [ -n "$3" ] && echo "$3"
    sleep 1
    waited=$((waited + 1))
  done
  (umask 077 && echo "$$ $(start_of $$) $boot $node" >"$1/owner")
}
drop_lock() { rm -rf -- "$1"; }
