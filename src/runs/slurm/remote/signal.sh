# signal.sh RUN HOST SIGNAL BY   Asks the job of a run to end. SIGNAL is INT or TERM, for the processes of its tasks, or
# KILL, with which Slurm takes the job away; what has not begun is cancelled with any of them. BY is noted, so that
# every window knows why the tasks end, and the start is taken away. NONE only tells which job it is.
# Output: "job ID BIN CONF CLUSTER", "submitting" (ask again), "none" (no job was submitted), and what scancel said.
run=$1
host=$2
signal=$3
by=$4
dir=.rankwise/runs/$run/$host
umask 077
echo
if [ "$signal" != NONE ] && [ -d "$dir" ]; then
  mkdir "$dir/started" 2>/dev/null
  [ -e "$dir/stopped" ] || echo "$by" >"$dir/stopped"
fi

# Whether the process that submits still runs; its record names one process for ever.
is_submitting() {
  pid= start= boot=
  [ -e "$dir/submit.start" ] && [ ! -e "$dir/submit.exit" ] || return 1
  . "./$dir/submit.start"
  [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 1
  IFS= read -r stat 2>/dev/null <"/proc/$pid/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  shift 19
  [ "$1" = "$start" ]
}

id= bin= conf= cluster=
if [ -s "$dir/job" ]; then
  while IFS='=' read -r key value; do
    case $key in id) id=$value ;; bin) bin=$value ;; conf) conf=$value ;; cluster) cluster=$value ;; esac
  done <"$dir/job"
elif is_submitting; then
  echo submitting
  exit
fi
[ -n "$bin" ] && PATH=$bin:$PATH
[ -n "$conf" ] && export SLURM_CONF="$conf"
flag=
[ -n "$cluster" ] && flag=--clusters=$cluster
unset SQUEUE_FORMAT SQUEUE_FORMAT2 SQUEUE_STATES SQUEUE_PARTITION SCANCEL_INTERACTIVE SCANCEL_STATE

if [ -z "$id" ]; then
  # Submitted, but whoever submitted it ended before it was written down: the script's path has the run's id.
  id=$(squeue --noheader --user="$(id -un)" --format='%F %o' 2>/dev/null |
    while read -r job path; do case $path in */"$run"/*) echo "$job" && break ;; esac; done)
  [ -n "$id" ] || { echo none; exit; }
  printf 'id=%s\ncluster=\nbin=\nconf=\n' "$id" >"$dir/.job" && mv "$dir/.job" "$dir/job"
fi
echo "job $id ${bin:--} ${conf:--} ${cluster:--}"
[ "$signal" != NONE ] || exit 0

scancel $flag --state=PENDING "$id" 2>&1
case $signal in
KILL) scancel $flag "$id" 2>&1 ;;
*)
  # Steps alone: srun would take a second signal beside them for "kill at once". A script without steps gets it all.
  if squeue $flag --noheader --steps --jobs="$id" --format=%i 2>/dev/null | grep -q '\.[0-9]*$'; then
    scancel $flag --signal="$signal" "$id" 2>&1
  else
    scancel $flag --state=RUNNING --full --signal="$signal" "$id" 2>&1
  fi
  ;;
esac
exit 0
