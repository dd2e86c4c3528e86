# Runs one node of this run's own Ray and takes away what it leaves. Set above: $rankwise_ray_directory, its place
# below /tmp, and as "$@" the arguments of ray.
trap : HUP INT TERM # meant for the node, which gets them as well; this shell stays to clean up
if ! command -v ray >/dev/null; then
  echo "rankwise: ray is not on the PATH of $(uname -n) after the setup lines: activate its environment there." >&2
  exit 127
fi
# Ray opens its own directory to everybody, so that lies in one which nobody else can enter. One that is already there
# is not ours.
mkdir -m 700 -- "$rankwise_ray_directory" || exit
if [ -n "${RANKWISE_RAY_TOKEN-}" ]; then
  (umask 077 && printf %s "$RANKWISE_RAY_TOKEN" >"$rankwise_ray_directory/token") || exit
  unset RANKWISE_RAY_TOKEN RAY_AUTH_TOKEN # a token of the user's own would win over the file
fi

ray "$@"
rankwise_code=$?

# Signals what else is in the session of this shell; fails when nothing is. Ray's agents outlive it when its head is
# gone. Run by hand, the session is a person's own and $$ does not lead it.
rankwise_signal_rest() {
  rankwise_signal=$1
  rankwise_rest=1
  for rankwise_entry in /proc/[0-9]*; do
    [ "$rankwise_entry" = "/proc/$$" ] && continue
    IFS= read -r rankwise_stat 2>/dev/null <"$rankwise_entry/stat" || continue
    rankwise_stat=${rankwise_stat##*) }
    set -- $rankwise_stat
    [ "$1" != Z ] && [ "$4" = $$ ] || continue
    kill -s "$rankwise_signal" "${rankwise_entry#/proc/}" 2>/dev/null && rankwise_rest=0
  done
  return "$rankwise_rest"
}
rankwise_tries=0
rankwise_next=TERM
while [ "$rankwise_tries" -lt 40 ] && rankwise_signal_rest "$rankwise_next"; do
  rankwise_tries=$((rankwise_tries + 1))
  rankwise_next=0
  [ "$rankwise_tries" -ge 15 ] && rankwise_next=KILL
  sleep 0.2 2>/dev/null || sleep 1
done
rm -rf -- "$rankwise_ray_directory"
exit "$rankwise_code"
