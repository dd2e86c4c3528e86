# cluster.sh SETUP   What a Slurm cluster has free, and my jobs: one `sinfo`, one `squeue`. Follows findSlurm.sh.
# Output:
#   P NAME AVAILABLE TIMELIMIT ALLOCATED/IDLE/OTHER/TOTAL GRES   one for each partition and kind of node
#   J JOB PARTITION STATE NODES START USED LIMIT REASON          START in seconds since the epoch, or N/A
#   X WORDS                                                      why there is no answer, in Slurm's words
#   E                                                            the answer is complete
export LC_ALL=C SLURM_TIME_FORMAT=%s
unset SQUEUE_FORMAT SQUEUE_FORMAT2 SQUEUE_STATES SQUEUE_SORT SQUEUE_PARTITION SQUEUE_USERS SQUEUE_ARRAY
unset SINFO_FORMAT SINFO_ALL SINFO_PARTITION SINFO_SORT
# Without --all only what this user may use; one line for each partition and its kinds of nodes.
answer=$(sinfo --noheader --format='P %R %a %l %F %G' 2>&1) || fail "$answer"
printf '%s\n' "$answer" | grep '^P '
answer=$(squeue --noheader --user="$(id -un)" --format='J %i %P %T %D %S %M %l %r' 2>&1) || fail "$answer"
printf '%s\n' "$answer" | grep '^J [0-9]' | head -n 2000
echo E
