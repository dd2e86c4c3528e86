# preflight.sh   Looks whether a launch can run on this host; changes nothing but a mark that it takes away again.
# Sent on standard input of `sh -s`, after lines that set (each quoted by the caller):
#   tag      begins every line of the answer: what a login profile or a setup line prints is told apart by it
#   workdir  directory the command will run in; may not exist yet
#   probe    job script that runs the setup lines in the shell of the job and tells what it finds there; may be empty
#   ports    TCP ports that must be free here
#   peers    hosts that must be reached from here by SSH without a password
# Answer: lines "TAG KEY=VALUE"; between "TAG begin" and "TAG end" also whatever the setup lines printed.
tell() { printf '\n%s %s\n' "$tag" "$1"; }
tell "start=$(date +%s)"

command -v setsid >/dev/null 2>&1 || tell 'lacks=setsid (util-linux)'
[ -r /proc/self/environ ] || tell 'lacks=Linux with /proc'
command -v orted >/dev/null 2>&1 && tell orted=yes
[ -d /sys/class/infiniband ] && tell infiniband=yes
IFS= read -r boot </proc/sys/kernel/random/boot_id && tell "boot=$boot"
while read -r key count; do
  [ "$key" = oom_kill ] && tell "oomkills=$count"
done </proc/vmstat 2>/dev/null

# Free space of a directory in KiB, and whether something can be written in it.
look_at() { # look_at NAME DIRECTORY: by trying, which also meets read-only mounts, quotas and full disks
  free=$(df -Pk -- "$2" 2>/dev/null)
  free=${free##*
}
  read -r device size used free rest <<END
$free
END
  mark=$2/.rankwise-$$
  refused=$( (umask 077 && printf %8192s '' | cat >"$mark") 2>&1) && refused=
  rm -f -- "$mark"
  tell_place "$1"
}
tell_place() {
  case $free in *[!0-9]* | '') ;; *) tell "$1free=$free" ;; esac
  [ -z "$refused" ] || tell "$1refused=${refused##*: }"
}
look_at home "$HOME"
# Where the workdir does not exist yet, the directory it will be made in.
place=$workdir
while [ ! -e "$place" ]; do
  parent=$(dirname -- "$place")
  [ "$parent" = "$place" ] && break
  place=$parent
done
if [ ! -d "$place" ]; then
  tell "workdirrefused=$place is not a directory"
else
  [ "$place" = "$workdir" ] || tell workdir=absent
  if [ "$place" = "$HOME" ]; then tell_place workdir; else look_at workdir "$place"; fi
fi

# In the background: each may take a second or more. None of them is a job of the user.
if [ -n "$ports" ]; then
  busy=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r slot local remote state rest; do
    [ "$state" = 0A ] && echo "${local##*:}"
  done | tr '\n' ' ')
  for port in $ports; do
    case " $busy" in
    *" $(printf %04X "$port") "*)
      owner=$(ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, pid \2/p' | head -n 1)
      tell "busy=$port $owner"
      ;;
    esac
  done
fi
if command -v nvidia-smi >/dev/null 2>&1; then
  {
    nvidia-smi --query-gpu=index,uuid --format=csv,noheader 2>/dev/null | while IFS=', ' read -r index uuid; do
      tell "gpu=$index $uuid"
    done
    nvidia-smi --query-compute-apps=gpu_uuid,pid,used_memory --format=csv,noheader,nounits 2>/dev/null |
      while IFS=', ' read -r uuid pid memory; do
        owner=$(ps -o user= -p "$pid" 2>/dev/null || stat -c %U "/proc/$pid" 2>/dev/null)
        tell "gpuprocess=$uuid $pid $memory $owner"
      done
  } </dev/null &
fi
reach() {
  if said=$(ssh -n -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=5 -- "$1" true 2>&1); then
    return
  fi
  said=$(printf '%s\n' "$said" | tr -d '\r' | grep -v '^$' | tail -n 1)
  tell "peer=$1 ${said:-ssh failed without a word}"
}
running=0
for peer in $peers; do
  reach "$peer" </dev/null &
  running=$((running + 1))
  [ $((running % 16)) -eq 0 ] && wait
done

if [ -n "$probe" ] && cd -- "$place" 2>/dev/null; then
  if command -v bash >/dev/null 2>&1; then interpreter='bash -l'; else interpreter=sh; fi
  if command -v timeout >/dev/null 2>&1; then interpreter="timeout 60 $interpreter"; fi
  tell begin
  $interpreter /dev/fd/3 </dev/null 3<<END 2>&1
$probe
END
  tell "end=$?"
fi
wait
tell "stop=$(date +%s)"
