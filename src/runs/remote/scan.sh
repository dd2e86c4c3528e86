# scan.sh TAG RUN HOST SESSIONS [SIGNAL BY ROLE...]   Lists the processes of a run on this host, and signals those of the
# given roles. Sent on standard input of `sh -s`, so it needs nothing on the host. A process belongs to the run when
# its environment says so, when the run recorded it, or when it is in the session or group of a recorded process that
# still lives. SESSIONS are sessions a look just before this one found to be the run's ("-": none).
# TAG begins every line of the answer: what a login shell's start files print is told apart by it.
# Output: "P PID ROLE NAME" a process; "U PID NAME" one that may be ours, which is not signalled; "S ID" a session of
# the run that somebody is in; "E" the list is complete.
# With a signal, the host also notes by whom the stop was asked (`stopped`), and takes the start away.
tag=$1
run=$2
host=$3
trusted=$4
signal=${5-}
by=${6-}
shift "$(($# < 6 ? $# : 6))"
roles=" $* "
dir=.rankwise/runs/$run/$host
umask 077
tell() { printf '%s %s\n' "$tag" "$1"; }
if [ -n "$signal" ] && (umask 077 && mkdir -p -- "$dir") 2>/dev/null; then
  mkdir "$dir/started" 2>/dev/null && : >"$dir/started/taken"
  [ -e "$dir/stopped" ] || echo "$by" >"$dir/stopped"
fi
while read -r field uid rest; do [ "$field" = Uid: ] && break; done </proc/self/status
IFS= read -r boot_id </proc/sys/kernel/random/boot_id

# After this: state, group, session and started of process $1, or failure.
read_stat() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  state=$1 group=$3 session=$4
  shift 19
  started=$1
}
process_name() {
  IFS= read -r name 2>/dev/null <"/proc/$1/comm" || name=?
}
# Whether process $pid, called $name, only serves a login. Any program can take such a name: it must be the system's own.
# Where even that cannot be read, the system keeps its account away from it.
is_login_daemon() {
  case $name in sshd | sshd-session | sshd-auth | '(sd-pam)' | systemd | ssh-agent | gpg-agent) ;; *) return 1 ;; esac
  program=$(readlink "/proc/$pid/exe" 2>/dev/null) || return 0
  program=${program% (deleted)} # updated since
  case $program in /usr/* | /bin/* | /sbin/* | /lib/*) ;; *) return 1 ;; esac
  case ${program##*/} in sshd | sshd-session | sshd-auth | systemd | ssh-agent | gpg-agent) ;; *) return 1 ;; esac
}

# A session or group is the run's while the recorded process lives: its number cannot have gone to a stranger.
# Afterwards only what carries the run's id is, or what the look before found in it.
sessions=
rest=$trusted,
while [ -n "$rest" ]; do
  sessions="$sessions ${rest%%,*}"
  rest=${rest#*,}
done
sessions="$sessions "
loose=' '
groups=' '
recorded=' '
oldest=
for record in "$dir"/*.start; do
  [ -e "$record" ] || continue
  pid= start= boot= session= group=
  . "./$record"
  [ "$boot" = "$boot_id" ] || continue
  own_session=$session own_group=$group
  if [ -z "$oldest" ] || [ "$start" -lt "$oldest" ]; then oldest=$start; fi
  if read_stat "$pid" && [ "$started" = "$start" ]; then
    recorded="$recorded$pid "
    [ -n "$own_session" ] && sessions="$sessions$own_session "
    [ -n "$own_group" ] && groups="$groups$own_group "
  elif [ -n "$own_session" ]; then
    loose="$loose$own_session "
  fi
done

# Which of our variables each environment holds, a line "/proc/PID/environ:NAME=VALUE" each.
# An environment may hold any bytes: where grep knows "binary" files, it must not fall silent about them.
text=
echo x | grep -q -a x 2>/dev/null && text=-a
marked="
$(grep $text -s -z -x -F -H -e "RANKWISE_RUN_ID=$run" -e "RANKWISE_HOST=$host" -e RANKWISE_ROLE=supervisor \
  -e RANKWISE_ROLE=launcher -e RANKWISE_ROLE=service /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n')
"
newline='
'

for entry in /proc/[0-9]*; do
  pid=${entry#/proc/}
  [ "$pid" = $$ ] && continue
  read_stat "$pid" || continue
  case $state in Z | X) continue ;; esac
  ours= inside=
  case $sessions in *" $session "*) ours=1 inside=$session ;; esac
  case $groups in *" $group "*) ours=1 ;; esac
  case $recorded in *" $pid "*) ours=1 ;; esac
  role=worker
  own=$newline$entry/environ:
  case $marked in *"${own}RANKWISE_RUN_ID=$run$newline"*)
    ours=1
    case $marked in
    *"${own}RANKWISE_HOST=$host$newline"*) ;;
    *) grep $text -q -s -z '^RANKWISE_HOST=' "$entry/environ" 2>/dev/null && ours= ;; # another host on the same machine
    esac
    case $marked in
    *"${own}RANKWISE_ROLE=supervisor$newline"*) role=supervisor ;;
    *"${own}RANKWISE_ROLE=launcher$newline"*) role=launcher ;;
    *"${own}RANKWISE_ROLE=service$newline"*) role=service ;;
    esac
    ;;
  esac
  # A session whose leader is gone is still the run's where somebody in it carries the run's id. Who was born after the
  # list of environments was made is asked by itself.
  case $loose in *" $session "*)
    [ -n "$ours" ] || ! grep $text -q -s -z -x -F -e "RANKWISE_RUN_ID=$run" "$entry/environ" 2>/dev/null || ours=1
    [ -z "$ours" ] || inside=$session
    ;;
  esac
  if [ -n "$ours" ]; then
    process_name "$pid"
    tell "P $pid $role $name"
    [ -n "$inside" ] && tell "S $inside"
    if [ -n "$signal" ]; then
      begun=$started
      case $roles in
      *" $role "*)
        # Last, with the recorders: who forks on and on is faster than a list, but not than a signal to the whole group.
        # No group reaches beyond its session.
        case $roles in *' supervisor '*) [ -n "$inside" ] && kill -s "$signal" -- "-$group" 2>/dev/null ;; esac
        read_stat "$pid" && [ "$started" = "$begun" ] && kill -s "$signal" "$pid" 2>/dev/null
        ;;
      esac
    fi
  elif [ -n "$oldest" ] && [ "$started" -ge "$oldest" ]; then
    # Younger than the run, of our account, and unreadable or in a session that was the run's: it might be ours.
    # Login daemons never are.
    case $loose in *" $session "*) ;; *) [ -r "$entry/environ" ] && continue ;; esac
    while read -r field real rest; do [ "$field" = Uid: ] && break; done 2>/dev/null <"$entry/status" || continue
    [ "$real" = "$uid" ] || continue
    # What is just ending cannot be read either.
    read_stat "$pid" || continue
    case $state in Z | X) continue ;; esac
    process_name "$pid"
    is_login_daemon && continue
    tell "U $pid $name"
  fi
done
tell E
