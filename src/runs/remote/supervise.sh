#!/bin/sh
# supervise.sh ID...   Runs one recorder (worker.sh) for each process of this host and waits for all of them.
trap : HUP INT TERM

# The elements of a pipeline run side by side in the foreground; background jobs would ignore SIGINT (see start.sh).
all() {
  first=$1
  shift
  if [ $# -eq 0 ]; then
    sh ./worker.sh "$first" session </dev/null >/dev/null 2>&1
  else
    sh ./worker.sh "$first" session </dev/null >/dev/null 2>&1 | all "$@"
  fi
}
all "$@"
