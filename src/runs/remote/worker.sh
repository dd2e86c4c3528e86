#!/bin/sh
# worker.sh ID session|attached   Runs ID.sh and keeps its record in this directory:
#   ID.log     everything it prints, append-only
#   ID.start   who is running: pid, start time in clock ticks and boot id together name one process for ever
#   clock      lines "EPOCH ID SIZE", at most one a second: when the log had reached which size
#   ID.exit    how it ended; space for it is taken at the start, so that a full disk cannot hide an end
#   ID.incomplete  present when the disk was full: "EPOCH SIZE", the log is incomplete since that byte
# `session`: the job gets a session of its own. `attached`: it stays in the process group mpirun gave it, which
# mpirun signals as a whole.
id=$1
mode=$2
cd -- "$(dirname -- "$0")" || exit 1
: "${RANKWISE_HOST:=${PWD##*/}}"
export RANKWISE_HOST

# This shell outlives the job to write down how it ended. A handler, unlike an ignored signal, is not inherited.
trap : HUP INT TERM QUIT

# Field 22 of /proc/PID/stat: start time in ticks. The name in field 2 may hold blanks and brackets.
start_time() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  case $1 in Z | X) return 1 ;; esac # ended, only not yet collected
  shift 19
  echo "$1"
}
log_size() {
  set -- $(LC_ALL=C ls -ln -- "$id.log")
  echo "$5"
}
note_clock() {
  size=$(log_size)
  if [ "$size" = "$noted" ]; then
    # Nothing new: the job is silent, or the disk is full. Whether there is room is found by trying.
    printf '%8192s' '' >".$id.room" && : >".$id.room" && return
  elif printf '%s %s %s\n' "$(date +%s)" "$id" "$size" >>clock; then
    noted=$size
    return
  fi
  [ -e "$id.incomplete" ] && return
  printf '%s %s ' "$(date +%s)" "$size" 1<>".$id.incomplete" && mv ".$id.incomplete" "$id.incomplete"
}
write_exit() {
  printf 'code=%s\nepoch=%s\n#' "$1" "$(date +%s)" 1<>".$id.exit" && mv ".$id.exit" "$id.exit"
}

# The watcher notes the clock while the job runs. It lives in a session of its own: when a SIGKILL takes this shell
# together with the job (mpirun kills the whole group), it writes the end down.
if [ "$mode" = watch ]; then
  shell=$3
  shell_start=$4
  noted=
  orphaned=
  while [ ! -e "$id.exit" ]; do
    note_clock 2>/dev/null
    if [ -e "$id.start" ] && [ "$(start_time "$shell")" != "$shell_start" ]; then
      pid= start=
      . "./$id.start"
      if [ "$(start_time "$pid")" != "$start" ]; then
        note_clock 2>/dev/null
        # Gone together: only SIGKILL does that. A job that outlived its recorder ended in a way nobody saw.
        [ -e "$id.exit" ] || write_exit "${orphaned:-137}"
        exit
      fi
      orphaned=unknown
    fi
    sleep 1
  done
  exit
fi

if command -v bash >/dev/null; then interpreter='bash -l'; else interpreter=sh; fi
printf '%100s\n' '' >".$id.exit" && printf '%60s\n' '' >".$id.incomplete" && : >>"$id.log" || exit 1

RANKWISE_ROLE=supervisor RANKWISE_RUN_ID=${RANKWISE_RUN_ID-} \
  setsid sh ./worker.sh "$id" watch $$ "$(start_time $$)" </dev/null >/dev/null 2>&1 &
watcher=$!

# Recorded from inside, then replaced by the job: same process, same start time.
record_and_run='
  IFS= read -r stat <"/proc/$$/stat"
  stat=${stat##*) }
  set -- "$@" $stat
  id=$1 mode=$2 interpreter=$3 group=$6
  shift 22
  start=$1
  {
    echo "pid=$$"
    echo "start=$start"
    echo "boot=$(cat /proc/sys/kernel/random/boot_id)"
    if [ "$mode" = session ]; then echo "session=$$"; else echo "group=$group"; fi
    rank=${OMPI_COMM_WORLD_RANK-${RANK-}}
    case $rank in "" | *[!0-9]*) ;; *) echo "rank=$rank" ;; esac
    echo "epoch=$(date +%s)"
  } >".$id.start" && mv ".$id.start" "$id.start" || exit 1
  case $id in launcher) RANKWISE_ROLE=launcher ;; *) unset RANKWISE_ROLE ;; esac
  if [ "$mode" = session ]; then exec setsid $interpreter "./$id.sh"; else exec $interpreter "./$id.sh"; fi
'
sh -c "$record_and_run" sh "$id" "$mode" "$interpreter" </dev/null >>"$id.log" 2>&1
code=$?

noted=
note_clock 2>/dev/null
write_exit "$code"
[ -e "$id.incomplete" ] || rm -f ".$id.incomplete"
rm -f ".$id.room"
kill -s KILL -- "-$watcher" 2>/dev/null || kill -s KILL "$watcher" 2>/dev/null
exit "$code"
