# queue.sh BIN CONF CLUSTER JOB...   What Slurm knows of our jobs, in one question to the controller as a rule. BIN, CONF
# (SLURM_CONF) and CLUSTER are as the job was submitted with; "-" is none. Jobs the queue no longer has are looked up
# in the controller's memory of ended jobs, then in the accounting where there is one.
# Output, without any text a user chose:
#   Q JOB STATE START REASON   the queue's: JOB is `7`, `7_3` or `7_[4-9]`; START in seconds since the epoch, or N/A
#   C JOB ARRAY TASK STATE CODE:SIGNAL END START   the controller's memory; `-` where there is no array
#   S JOB STATE CODE:SIGNAL END START              the accounting's, JOB as for Q; STATE may be several words joined by `_`
#   U JOB                      nobody knows it any more
#   X WORDS                    the controller does not answer, in its own words
#   E                          the answer is complete
bin=$1 conf=$2 cluster=$3
shift 3
[ "$bin" = - ] || PATH=$bin:$PATH
[ "$conf" = - ] || export SLURM_CONF="$conf"
if [ "$cluster" = - ]; then cluster=; else cluster=--clusters=$cluster; fi
export SLURM_TIME_FORMAT=%s LC_ALL=C
unset SQUEUE_FORMAT SQUEUE_FORMAT2 SQUEUE_STATES SQUEUE_SORT SQUEUE_PARTITION SQUEUE_USERS SQUEUE_ARRAY

says_unknown() { case $1 in *'Invalid job id'*) return 0 ;; *) return 1 ;; esac; }
fail() {
  echo "X $(echo "$1" | tr '\n' ' ' | head -c 400)"
  echo E
  exit
}

ask() {
  # Both streams in one: what begins with "Q " is the answer, the rest is said about a failure.
  answer=$("$@" 2>&1) && return
  ! says_unknown "$answer" && fail "$answer"
  return 1
}

ask squeue $cluster --noheader --jobs="$(echo "$*" | tr ' ' ',')" --format='Q %i %T %S %r'
queue=$(echo "$answer" | grep '^Q [0-9]')
[ -n "$queue" ] && echo "$queue"
for job; do
  case "$queue " in *"Q $job "* | *"Q ${job}_"* | *"Q $job+"*) continue ;; esac
  if ask scontrol $cluster show job "$job"; then
    # Only lines of known form, so that the name of a job cannot speak for the controller.
    echo "$answer" | awk '
      function flush() { if (id != "") print "C", id, array, task, state, code, end, start; id = state = "" }
      /^JobId=[0-9]+ / {
        flush(); array = task = "-"; code = "0:0"; end = start = 0
        id = substr($1, 7)
        if ($2 ~ /^ArrayJobId=[0-9]+$/ && $3 ~ /^ArrayTaskId=[0-9,:%-]+$/) { array = substr($2, 12); task = substr($3, 13) }
      }
      /^   JobState=[A-Z_]+ Reason=/ && state == "" { state = substr($1, 10) }
      /^   Requeue=[0-9]+ Restarts=.* ExitCode=[0-9]+:[0-9]+$/ { code = substr($NF, 10) }
      /^   StartTime=[^ ]+ EndTime=[0-9]+ / { start = substr($1, 11); end = substr($2, 9) }
      END { flush() }
    '
    continue
  fi
  found=$(sacct --noheader --parsable2 --allocations --jobs="$job" --format=JobID,State,ExitCode,End,Start 2>/dev/null) &&
    [ -n "$found" ] || { echo "U $job"; continue; }
  echo "$found" | while IFS='|' read -r id state code end start; do
    echo "S $id $(echo "$state" | tr ' ' '_') $code $end $start"
  done
done
echo E
