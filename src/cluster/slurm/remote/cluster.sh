# cluster.sh SETUP   What a Slurm cluster has free, and my jobs: one `sinfo`, one `squeue`. SETUP is the setup lines of the
# cluster, run in a login shell only where Slurm's commands are not found without them.
# Output:
#   P NAME AVAILABLE TIMELIMIT ALLOCATED/IDLE/OTHER/TOTAL GRES   one for each partition and kind of node
#   J JOB PARTITION STATE NODES START USED LIMIT REASON          START in seconds since the epoch, or N/A
#   X WORDS                                                      why there is no answer, in Slurm's words
#   E                                                            the answer is complete
export LC_ALL=C SLURM_TIME_FORMAT=%s
unset SQUEUE_FORMAT SQUEUE_FORMAT2 SQUEUE_STATES SQUEUE_SORT SQUEUE_PARTITION SQUEUE_USERS SQUEUE_ARRAY
unset SINFO_FORMAT SINFO_ALL SINFO_PARTITION SINFO_SORT
fail() {
  echo "X $(echo "$1" | tr '\n' ' ' | head -c 400)"
  echo E
  exit
}
if ! command -v sinfo >/dev/null; then
  found=$(bash -lc "$1
printf '\nrankwise %s\n' \"\${SLURM_CONF:--}\" \"\$PATH\"" </dev/null 2>/dev/null | sed -n 's/^rankwise //p')
  conf=${found%%'
'*}
  PATH=${found#*'
'}
  export PATH
  [ "$conf" = - ] || [ -z "$conf" ] || export SLURM_CONF="$conf"
  command -v sinfo >/dev/null || fail 'sinfo is not found, neither by itself nor after the setup lines'
fi
# Without --all only what this user may use; one line for each partition and its kinds of nodes.
answer=$(sinfo --noheader --format='P %R %a %l %F %G' 2>&1) || fail "$answer"
echo "$answer" | grep '^P '
answer=$(squeue --noheader --user="$(id -un)" --format='J %i %P %T %D %S %M %l %r' 2>&1) || fail "$answer"
echo "$answer" | grep '^J [0-9]' | head -n 2000
echo E
