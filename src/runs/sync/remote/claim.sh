# claim.sh   Compares the files of a launch with what lies in the workdir, and takes the workdir for this run, unless
# another run is using it and would see its files change. A file that is not there yet changes none.
# Sent on standard input after lock.sh and lines that set: tag, run, host, workdir, ignore (runs known to be over), force
# (yes: take it all the same). Followed by a function `compare` made of `look` and `measure` lines, and `claim`.
# Answer: lines "TAG KEY=VALUE": differs=INDEX, absent=INDEX, user=running|preparing|copying RUN, refused=yes, claimed=yes.

# look FIRST HASH MODE PATH HASH MODE PATH ...   Files by content; MODE is x, - or ? (not to be compared).
look() {
  index=$1
  shift
  wanted=
  count=$(($# / 3))
  while [ "$count" -gt 0 ]; do
    if [ -f "$3" ] && [ -r "$3" ] && mode_fits "$2" "$3"; then
      wanted="$wanted $index:$1"
      set -- "$@" "$3"
    else
      tell "$(how_not "$3")=$index"
    fi
    shift 3
    index=$((index + 1))
    count=$((count - 1))
  done
  [ $# -eq 0 ] || sums "$@" | {
    set -- $wanted
    while [ $# -gt 0 ] && read -r sum name; do
      # sha256sum puts a backslash before the line of a name that it had to escape.
      [ "${sum#\\}" = "${1#*:}" ] || tell "differs=${1%%:*}"
      shift
    done
    # No sum: the program is missing or the file went away.
    for rest do tell "differs=${rest%%:*}"; done
  }
}
mode_fits() {
  case $1 in
  x) [ -x "$2" ] ;;
  -) [ ! -x "$2" ] ;;
  esac
}
if command -v sha256sum >/dev/null 2>&1; then
  sums() { sha256sum -- "$@" 2>/dev/null; }
elif command -v shasum >/dev/null 2>&1; then
  sums() { shasum -a 256 -- "$@" 2>/dev/null; }
else
  sums() { :; }
fi
# A dangling link is there: what it names would change.
how_not() { if [ -e "$1" ] || [ -L "$1" ]; then echo differs; else echo absent; fi; }
# measure INDEX SIZE MTIME PATH   A large file, by size and time of change alone.
measure() {
  [ -f "$4" ] && [ "$(stat -c '%s %Y' -- "$4" 2>/dev/null)" = "$2 $3" ] || tell "$(how_not "$4")=$1"
}

# Other runs whose workdir this is: those that run, and those that are about to. One that was stopped before it started
# never will (takeStart.sh, scan.sh).
users() {
  now=$(date +%s)
  for marker in "$root"/runs/*/*/workdir; do
    [ -e "$marker" ] || continue
    at=${marker%/workdir}
    other=${at%/*}
    other=${other##*/}
    [ "$other" = "$run" ] && continue
    case " $ignore " in *" $other "*) continue ;; esac
    { IFS= read -r other_node && IFS= read -r epoch && IFS= read -r other_path; } <"$marker" || continue
    [ "$other_path" = "$path" ] || continue
    recent=
    [ $((now - epoch)) -lt 1800 ] && recent=yes
    if is_alive "$at" "$other_node"; then
      tell "user=running $other"
    elif [ -n "$recent" ] && [ ! -e "$at/stopped" ] && [ -z "$(ls -- "$at"/*.start 2>/dev/null)" ]; then
      if [ -e "$at/changes" ]; then tell "user=copying $other"; else tell "user=preparing $other"; fi
    fi
  done
}
# Whether a process that the run recorded there still lives. On another host that cannot be seen: without an exit it does.
is_alive() (
  for record in "$1"/*.start; do
    [ -e "$record" ] || continue
    [ -e "${record%.start}.exit" ] && continue
    [ "$2" = "$node" ] || exit 0
    here=$boot
    pid= start= boot=
    . "$record"
    [ "$boot" = "$here" ] && [ "$(start_of "$pid")" = "$start" ] && exit 0
    boot=$here
  done
  exit 1
)

claim() {
  mine=$root/runs/$run/$host
  (umask 077 && mkdir -p -- "$mine" "$root/locks") || exit
  # Not ours: under the account's umask.
  mkdir -p -- "$workdir" && cd -- "$workdir" || exit
  path=$(pwd -P)
  differences=$(compare)
  name=$(printf %s "$path" | cksum | tr ' ' -)
  take_lock "$root/locks/$name" 60 '' || exit
  trap 'drop_lock "$root/locks/$name"' EXIT
  trap 'exit 1' HUP INT TERM
  used=$(users)
  # Whoever used it may have changed it since.
  [ -z "$used" ] || differences=$(compare)
  printf '%s\n%s\n' "$differences" "$used"
  refused=
  case $used in
  *user=copying*) refused=yes ;;
  *user=*) case $differences in *differs=*) refused=yes ;; esac ;;
  esac
  if [ -n "$refused" ] && [ "$force" != yes ]; then
    tell refused=yes
    exit 0
  fi
  umask 077
  printf '%s\n%s\n%s\n' "$node" "$(date +%s)" "$path" >"$mine/.workdir" && mv "$mine/.workdir" "$mine/workdir" || exit
  case $differences in *differs=* | *absent=*) : >"$mine/changes" ;; esac
  tell claimed=yes
}
