# takeStart.sh RUNDIR HOST   Says `started` where the start of this run was made, or takes it away for good: `taken`.
# Run from the home directory. Whoever makes the directory `started` is the one who starts (start.sh).
umask 077
dir=$1/$2
mkdir -p -- "$dir" || exit
if mkdir -- "$dir/started" 2>/dev/null; then
  echo stop >"$dir/stopped"
  : >"$dir/started/taken"
  echo taken
elif [ -e "$dir/started/taken" ]; then
  echo taken
elif [ -d "$dir/started" ]; then
  echo started
else
  echo "cannot write to $dir" >&2
  exit 1
fi
