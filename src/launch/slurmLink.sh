#!/bin/sh
# link.sh JOB   Links the files a job writes to into this directory, where they are followed: batch.log and, where
# standard error goes elsewhere, batch-err.log; for the tasks of an array batch-TASK.log. Links may dangle: the files
# come with the job.
cd -- "$(dirname -- "$0")" || exit 1
umask 077
scontrol show job "$1" | awk '
  function link(id, task,    path) {
    path = out; gsub(/4294967294/, task, path); print id ".log\t" path
    if (err != out) { path = err; gsub(/4294967294/, task, path); print id "-err.log\t" path }
  }
  function flush(    parts, n, i, range, step, first, last, task) {
    if (out == "") return
    if (tasks == "") link("batch", "")
    sub(/%.*/, "", tasks)
    n = split(tasks, parts, ",")
    for (i = 1; i <= n; i++) {
      step = 1
      if (split(parts[i], range, ":") == 2) step = range[2]
      last = first = range[1]
      if (split(range[1], range, "-") == 2) { first = range[1]; last = range[2] }
      for (task = first + 0; task <= last + 0; task += step) link("batch-" task, task)
    }
    out = err = tasks = ""
  }
  /^JobId=/ {
    flush()
    # Before the name of the job, which may hold anything.
    if (match($0, /^JobId=[0-9]+ ArrayJobId=[0-9]+ ArrayTaskId=[0-9,:%-]+ /)) {
      tasks = substr($0, 1, RLENGTH - 1); sub(/.*=/, "", tasks)
    }
  }
  /^   StdErr=/ { err = substr($0, 11) }
  /^   StdOut=/ { out = substr($0, 11) }
  END { flush() }
' | while IFS='	' read -r name path; do
  case $path in
  /dev/null) ;;
  /*) ln -sf "$path" "$name" ;;
  esac
done
