# site.sh SETUP   What a Slurm site has, for checks of sbatch scripts: one `sinfo`, two `scontrol`, one `sacctmgr`. Follows findSlurm.sh.
# Output:
#   V VERSION                                                    of Slurm
#   M NUMBER                                                     its MaxArraySize
#   P NAME AVAILABLE TIMELIMIT NODES CPUS MEGABYTES GRES FEATURES NODELIST   one for each partition and kind of node
#   L NAME ISDEFAULT MAXNODES                                    one for each partition
#   A ACCOUNT QOS,QOS                                            what this person may use; none without accounting
#   X WORDS                                                      why there is no answer, in Slurm's words
#   E                                                            the answer is complete
unset SINFO_FORMAT SINFO_ALL SINFO_PARTITION SINFO_SORT
sinfo --version | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/V \1/p'
# --exact: CPUs and memory as they are, not `64+`. Without --all only what this user may use.
answer=$(sinfo --noheader --exact --format='P %R %a %l %D %c %m %G %f %N' 2>&1) || fail "$answer"
printf '%s\n' "$answer" | grep '^P '
scontrol --oneliner show partition 2>/dev/null |
  sed -n 's/^PartitionName=\([^ ]*\) .* Default=\([^ ]*\) .* MaxNodes=\([^ ]*\) .*/L \1 \2 \3/p'
scontrol show config 2>/dev/null | sed -n 's/^MaxArraySize *= *\([0-9]*\).*/M \1/p'
sacctmgr --noheader --parsable2 show associations user="$(id -un)" format=account,qos 2>/dev/null |
  sed -n 's/^\([^| ][^| ]*\)|\([^| ]*\)$/A \1 \2/p' | sort -u | head -n 500
echo E
