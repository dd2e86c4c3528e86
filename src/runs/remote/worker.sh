#!/bin/sh
# worker.sh ID session|attached|task   Runs ID.sh and keeps its record in this directory:
#   ID.log     everything it prints, append-only
#   ID.start   who is running: pid, start time in clock ticks and boot id together name one process for ever; and the
#              recorder, who writes its end down
#   ID.clock   lines "EPOCH ID SIZE", at most one a second: when the log had reached which size
#   ID.exit    how it ended; space for it is taken at the start, so that a full disk cannot hide an end
#   ID.incomplete  present when the disk was full: "EPOCH SIZE", the log is incomplete since that byte
# A second start of the same ID (an elastic restart, a requeued job) is another attempt: the log goes on, the records
# carry the number, and an exit counts only for its own attempt.
# `session`: the job gets a session of its own. `attached`: it stays in the process group its launcher gave it, which
# the launcher signals as a whole. `task`: attached, in a job of Slurm: only the controller can tell whether it lives.
id=$1
mode=$2
case $0 in */*) cd -- "${0%/*}" || exit 1 ;; esac
: "${RANKWISE_HOST:=${PWD##*/}}"
export RANKWISE_HOST
# For our records; the job gets its account's own back.
mask=$(umask)
umask 077

# This shell outlives the job to write down how it ended. A handler, unlike an ignored signal, is not inherited.
trap : HUP INT TERM QUIT

# Field 22 of /proc/PID/stat into `started`: start time in ticks. The name in field 2 may hold blanks and brackets.
start_time() {
  started=
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  case $1 in Z | X) return 1 ;; esac # ended, only not yet collected
  shift 19
  started=$1
}
# The number of the newest attempt into `newest`.
newest_attempt() {
  newest=
  IFS= read -r newest 2>/dev/null <"$id.attempt"
}
log_size() {
  set -- $(LC_ALL=C ls -ln -- "$id.log")
  echo "$5"
}
# Seconds since the epoch, with fractions where `date` has them: ends of many workers come close together.
now() {
  now=$(date +%s.%N)
  case $now in *[!0-9.]* | *.) date +%s ;; *) echo "$now" ;; esac
}
note_clock() {
  size=0
  [ -s "$id.log" ] && size=$(log_size)
  if [ "$size" = "$noted" ]; then
    # Nothing new: the job is silent, or the disk is full. Whether there is room is found by trying.
    printf '%8192s' '' >".$id.room" && : >".$id.room" && return
  elif printf '%s %s %s\n' "$(date +%s)" "$id" "$size" >>"$id.clock"; then
    noted=$size
    return
  fi
  [ -e "$id.incomplete" ] && return
  printf '%s %s ' "$(date +%s)" "$size" 1<>".$id.incomplete" && mv ".$id.incomplete" "$id.incomplete"
}
write_exit() {
  printf 'code=%s\nepoch=%s\nattempt=%s\n#' "$1" "$(now)" "$attempt" 1<>".$id.exit" && mv ".$id.exit" "$id.exit"
}

# The watcher notes the clock while the job runs. It lives in a session of its own: when a SIGKILL takes this shell
# together with the job (mpirun kills the whole group), it writes the end down.
if [ "$mode" = watch ]; then
  shell=$3
  shell_start=$4
  attempt=$5
  noted=
  orphaned=
  while sleep 1 && [ ! -e "$id.exit" ]; do
    newest_attempt
    [ "$newest" = "$attempt" ] || exit # a later attempt has its own watcher
    note_clock 2>/dev/null
    start_time "$shell"
    if [ -e "$id.start" ] && [ "$started" != "$shell_start" ]; then
      pid= start=
      . "./$id.start"
      start_time "$pid"
      if [ "$started" != "$start" ]; then
        note_clock 2>/dev/null
        # Gone together: only SIGKILL does that. A job that outlived its recorder ended in a way nobody saw.
        [ -e "$id.exit" ] || write_exit "${orphaned:-137}"
        exit
      fi
      orphaned=unknown
    fi
  done
  exit
fi

if command -v bash >/dev/null; then interpreter='bash -l'; else interpreter=sh; fi
newest_attempt
case $newest in '' | *[!0-9]*) newest=0 ;; esac
attempt=$((newest + 1))
[ "$attempt" -gt 1 ] && rm -f "$id.exit" ".$id.exit"
echo "$attempt" >"$id.attempt" || exit 1
printf '%100s\n' '' >".$id.exit" && printf '%60s\n' '' >".$id.incomplete" && : >>"$id.log" || exit 1

start_time $$
RANKWISE_ROLE=supervisor RANKWISE_RUN_ID=${RANKWISE_RUN_ID-} \
  setsid sh ./worker.sh "$id" watch $$ "$started" "$attempt" </dev/null >/dev/null 2>&1 &
watcher=$!

# Recorded from inside, then replaced by the job: same process, same start time.
record_and_run='
  IFS= read -r stat <"/proc/$$/stat"
  stat=${stat##*) }
  set -- "$@" $stat
  id=$1 mode=$2 interpreter=$3 attempt=$4 mask=$5 recorder=$6 recorder_start=$7 group=${10}
  shift 26
  start=$1
  {
    echo "pid=$$"
    echo "start=$start"
    IFS= read -r boot </proc/sys/kernel/random/boot_id && echo "boot=$boot"
    echo "recorder=$recorder"
    echo "recorder_start=$recorder_start"
    case $mode in
    session) echo "session=$$" ;;
    attached) echo "group=$group" ;;
    task) echo "job=${SLURM_JOB_ID-}" && echo "node=${SLURMD_NODENAME-}" ;;
    esac
    for rank in "${OMPI_COMM_WORLD_RANK-}" "${HOROVOD_RANK-}" "${RANK-}" "${PMI_RANK-}" "${SLURM_PROCID-}"; do
      case $rank in "" | *[!0-9]*) ;; *) echo "rank=$rank" && break ;; esac
    done
    echo "attempt=$attempt"
    epoch=$(date +%s.%N)
    case $epoch in *[!0-9.]* | *.) epoch=$(date +%s) ;; esac
    echo "epoch=$epoch"
  } >".$id.start" && mv ".$id.start" "$id.start" || exit 1
  case ${RANKWISE_PROCESS_ROLE-} in
  launcher | service) RANKWISE_ROLE=$RANKWISE_PROCESS_ROLE ;;
  *) unset RANKWISE_ROLE ;;
  esac
  unset RANKWISE_PROCESS_ROLE
  umask "$mask"
  if [ "$mode" = session ]; then exec setsid $interpreter "./$id.sh"; else exec $interpreter "./$id.sh"; fi
'
sh -c "$record_and_run" sh "$id" "$mode" "$interpreter" "$attempt" "$mask" $$ "$started" </dev/null >>"$id.log" 2>&1
code=$?

noted=
note_clock 2>/dev/null
write_exit "$code"
[ -e "$id.incomplete" ] || rm -f ".$id.incomplete"
rm -f ".$id.room"
kill -s KILL -- "-$watcher" 2>/dev/null || kill -s KILL "$watcher" 2>/dev/null
# srun kills the other tasks when one fails. Once a stop was asked they may still be saving: each ends at its own pace.
[ "$mode" = task ] && [ -e stopped ] && exit 0
exit "$code"
