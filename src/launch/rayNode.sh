# Runs one node of this run's own Ray and takes away what it leaves. Set above: $rankwise_ray_directory, its place
# below /tmp; as "$@" the arguments of ray; $rankwise_seconds within which it is to come up; for a node that joins
# $rankwise_ray_head, the head's HOST:PORT. Needs rayPython.sh.
trap : HUP INT TERM # meant for the node, which gets them as well; this shell stays to clean up
if [ -n "${RANKWISE_RAY_TOKEN-}" ]; then
  (umask 077 && printf %s "$RANKWISE_RAY_TOKEN" >"$rankwise_ray_directory/token") || exit
  unset RANKWISE_RAY_TOKEN RAY_AUTH_TOKEN # a token of the user's own would win over the file
fi

# Signals what is in the session or group that this shell leads, but itself and its own halves below; fails when nothing
# is. Ray's agents outlive it when its head is gone.
rankwise_signal_rest() {
  rankwise_signal=$1
  rankwise_rest=1
  for rankwise_entry in /proc/[0-9]*; do
    [ "$rankwise_entry" = "/proc/$$" ] && continue
    IFS= read -r rankwise_stat 2>/dev/null <"$rankwise_entry/stat" || continue
    rankwise_stat=${rankwise_stat##*) }
    set -- $rankwise_stat
    [ "$1" != Z ] && [ "$2" != $$ ] || continue
    [ "$3" = $$ ] || [ "$4" = $$ ] || continue
    kill -s "$rankwise_signal" "${rankwise_entry#/proc/}" 2>/dev/null && rankwise_rest=0
  done
  return "$rankwise_rest"
}

# Ray gives up where its node has not come up within half a minute, however busy the host is, and all the others would
# wait for it in vain: it is started again. One that came up has noted its cluster, and what is wrong otherwise is
# found at once.
rankwise_start_ray() {
  rankwise_end=$(($(date +%s) + rankwise_seconds))
  while :; do
    rankwise_begin=$(date +%s)
    ray "$@" >&3 3>&-
    rankwise_code=$?
    rankwise_now=$(date +%s)
    [ "$rankwise_code" -ne 0 ] && [ -z "$rankwise_asked" ] || return "$rankwise_code"
    [ -d "$rankwise_ray_directory/ray" ] && [ ! -e "$rankwise_ray_directory/ray/ray_current_cluster" ] &&
      [ "$((rankwise_now - rankwise_begin))" -ge 25 ] && [ "$rankwise_now" -lt "$rankwise_end" ] ||
      return "$rankwise_code"
    echo "rankwise: Ray did not come up in time on $(uname -n): it is started again" >&2
  done
}

# Ray runs in the foreground: what a shell starts in the background ignores SIGINT for ever, and trainings would. A
# shell handles signals only between programs, so another one beside it sees to it that Ray ends soon when it is asked
# to. Ray itself waits for a head for a fixed and short time.
: >"$rankwise_ray_directory/running" || exit
exec 3>&1
{
  rankwise_asked=
  trap 'rankwise_asked=1' HUP INT TERM
  rankwise_find_ray &&
    { [ -z "${rankwise_ray_head-}" ] || $rankwise_python -c '
import socket, sys, time
host, _, port = sys.argv[1].rpartition(":")
end = time.time() + float(sys.argv[2])
while True:
    try:
        socket.create_connection((host, int(port)), 2).close()
        break
    except OSError as error:
        if time.time() > end:
            sys.exit("rankwise: the head of Ray does not answer at %s: %s" % (sys.argv[1], error))
        time.sleep(0.1)
' "$rankwise_ray_head" "$rankwise_seconds"; } &&
    rankwise_start_ray "$@"
  echo "$?" >"$rankwise_ray_directory/code"
  rm -f -- "$rankwise_ray_directory/running"
} | {
  rankwise_asked=
  trap 'rankwise_asked=1' HUP INT TERM
  rankwise_tries=0
  while [ -e "$rankwise_ray_directory/running" ]; do
    sleep 1
    [ -z "$rankwise_asked" ] || rankwise_tries=$((rankwise_tries + 1))
    [ "$rankwise_tries" -lt 4 ] || rankwise_signal_rest KILL
  done
}
exec 3>&-
read -r rankwise_code <"$rankwise_ray_directory/code" || rankwise_code=1

rankwise_tries=0
rankwise_next=TERM
while [ "$rankwise_tries" -lt 25 ] && rankwise_signal_rest "$rankwise_next"; do
  rankwise_tries=$((rankwise_tries + 1))
  rankwise_next=0
  [ "$rankwise_tries" -ge 5 ] && rankwise_next=KILL
  sleep 0.2 2>/dev/null || sleep 1
done
rm -rf -- "$rankwise_ray_directory"
exit "$rankwise_code"
