# The part of rank.sh that is the same for every launcher. Above stand: run, host, and identify, which sets `id` of the
# worker and, where the launcher tells them, rank, local_rank, size and local_size.

# take RANK LOCAL_RANK SIZE LOCAL_SIZE   From variables of these names; false when the launcher did not set them.
take() {
  eval "rank=\${$1-} local_rank=\${$2-} size=\${$3-} local_size=\${$4-}"
  case $rank in '' | *[!0-9]*) return 1 ;; esac
  case $local_rank in '' | *[!0-9]*) return 1 ;; esac
  id=$local_rank
}
# claim PREFIX   The next free number on this host, for launchers that number nobody: mkdir succeeds for one caller.
claim() {
  number=0
  until (umask 077 && mkdir "$1$number.claim") 2>/dev/null; do
    [ -d "$1$number.claim" ] || { echo "rankwise: cannot write to $PWD" >&2; exit 1; }
    number=$((number + 1))
  done
  id=$1$number rank=
}

cd -- "$HOME/.rankwise/runs/$run/$host" || exit
# A launcher that replaces workers which were stopped gets no new ones.
[ ! -e stopped ] || exit 143
identify || { echo "rankwise: nothing in the environment tells which rank this is" >&2; exit 1; }
if [ -n "$rank" ]; then
  RANK=$rank LOCAL_RANK=$local_rank WORLD_SIZE=$size LOCAL_WORLD_SIZE=$local_size
  export RANK LOCAL_RANK WORLD_SIZE LOCAL_WORLD_SIZE
fi
RANKWISE_RUN_ID=$run RANKWISE_HOST=$host RANKWISE_ROLE=supervisor
export RANKWISE_RUN_ID RANKWISE_HOST RANKWISE_ROLE
ln -sf rank-job.sh "$id.sh"
# The same process group as before: launchers signal their workers by it.
exec sh ./worker.sh "$id" attached
