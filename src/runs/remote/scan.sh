# scan.sh RUN HOST [SIGNAL ROLE...]   Lists the processes of a run on this host, and signals those of the given roles.
# Sent on standard input of `sh -s`, so it needs nothing on the host. A process belongs to the run when its
# environment says so, or when it is in a session that the run recorded.
# Output: "P PID ROLE NAME" a process; "U PID NAME" one of ours that cannot be read; "E" the list is complete.
run=$1
host=$2
signal=${3-}
[ $# -ge 3 ] && shift
shift 2
roles=" $* "
dir=.rankwise/runs/$run/$host
uid=$(id -u)
boot_id=$(cat /proc/sys/kernel/random/boot_id)

# After this: state, session and started of process $1, or failure.
read_stat() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  state=$1 session=$4
  shift 19
  started=$1
}
process_name() {
  IFS= read -r name 2>/dev/null <"/proc/$1/comm" || name=?
}

# Sessions whose leader is the recorded process, or is gone: then the number stays taken by what it left behind. A
# leader with another start time is a stranger who got the number later.
sessions=' '
oldest=
for record in "$dir"/*.start; do
  [ -e "$record" ] || continue
  pid= start= boot= session=
  . "./$record"
  [ "$boot" = "$boot_id" ] || continue
  if [ -z "$oldest" ] || [ "$start" -lt "$oldest" ]; then oldest=$start; fi
  recorded=$session
  [ -n "$recorded" ] || continue
  if ! read_stat "$pid" || [ "$started" = "$start" ]; then sessions="$sessions$recorded "; fi
done

marked=" $(grep -l -F -e "RANKWISE_RUN_ID=$run" /proc/[0-9]*/environ 2>/dev/null | tr '\n' ' ') "

for entry in /proc/[0-9]*; do
  pid=${entry#/proc/}
  [ "$pid" = $$ ] && continue
  read_stat "$pid" || continue
  case $state in Z | X) continue ;; esac
  case $sessions in *" $session "*) ours=1 ;; *) ours= ;; esac
  role=worker
  case $marked in
  *" $entry/environ "*)
    words=$(tr '\0' '\n' 2>/dev/null <"$entry/environ") || continue
    newline='
'
    case "$newline$words$newline" in *"${newline}RANKWISE_RUN_ID=$run$newline"*) ours=1 ;; esac
    case "$newline$words$newline" in
    *"${newline}RANKWISE_HOST=$host$newline"*) ;;
    *"${newline}RANKWISE_HOST="*) ours= ;; # another host on the same machine
    esac
    case "$newline$words$newline" in
    *"${newline}RANKWISE_ROLE=supervisor$newline"*) role=supervisor ;;
    *"${newline}RANKWISE_ROLE=launcher$newline"*) role=launcher ;;
    esac
    ;;
  esac
  if [ -n "$ours" ]; then
    process_name "$pid"
    echo "P $pid $role $name"
    if [ -n "$signal" ]; then
      begun=$started
      case $roles in
      *" $role "*) read_stat "$pid" && [ "$started" = "$begun" ] && kill -s "$signal" "$pid" 2>/dev/null ;;
      esac
    fi
  elif [ ! -r "$entry/environ" ] && [ -n "$oldest" ] && [ "$started" -ge "$oldest" ]; then
    # Younger than the run, of our account, and unreadable: it might be ours. Login daemons never are.
    while read -r field real rest; do [ "$field" = Uid: ] && break; done 2>/dev/null <"$entry/status" || continue
    [ "$real" = "$uid" ] || continue
    process_name "$pid"
    case $name in sshd | sshd-session | sshd-auth | '(sd-pam)' | systemd | ssh-agent | gpg-agent) continue ;; esac
    echo "U $pid $name"
  fi
done
echo E
