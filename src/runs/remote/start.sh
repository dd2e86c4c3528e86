#!/bin/sh
# start.sh ROLE:ID...   Starts the supervisor of this host detached, once. Standard input: `export NAME='value'` lines
# for values that are stored nowhere, then the line `# all sent`: without it whoever sends has died on the way, and
# nothing is started. See supervise.sh for the arguments.
#
# Run by `exec sh .rankwise/runs/RUN/HOST/start.sh ROLE:ID...` over SSH: this shell is then the leader of its session,
# and setsid (util-linux, busybox) forks by itself. A `&` is avoided on purpose: a shell makes its background jobs
# ignore SIGINT for good, and the training could never be asked to save.
cd -- "$(dirname -- "$0")" || exit 1
host=${PWD##*/}
run=${PWD%/*}
run=${run##*/}
secrets=$(cat)
echo # ends a line that a login shell may have left unfinished
case "
$secrets" in
*'
# all sent') ;;
*) echo "the start was cut off on its way, nothing was started" >&2 && exit 1 ;;
esac

# mkdir succeeds for exactly one caller: a start whose answer was lost is repeated without harm. The job keeps the
# account's umask; ours must let us write.
if ! (umask 077 && mkdir started) 2>/dev/null; then
  [ -d started ] && { echo already; exit 0; }
  echo "cannot write to $PWD" >&2
  exit 1
fi
command -v setsid >/dev/null || { rmdir started; echo "setsid (util-linux) is not installed" >&2; exit 127; }
echo started
eval "$secrets"
exec env RANKWISE_RUN_ID="$run" RANKWISE_HOST="$host" RANKWISE_ROLE=supervisor \
  setsid sh ./supervise.sh "$@" </dev/null >/dev/null 2>&1
