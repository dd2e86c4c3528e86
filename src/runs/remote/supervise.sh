#!/bin/sh
# supervise.sh ROLE:ID...   Runs one recorder (worker.sh) for each process of this host and waits for all of them.
# ROLE is worker, launcher or service. A service is `service:ID:SECONDS`: when the workers and launchers of this host
# are over it may go on for that long; a host that has services alone leaves their end to whoever follows the run.
trap : HUP INT TERM

main=
services=
for argument; do
  role=${argument%%:*}
  id=${argument#*:}
  case $role in
  service) services="$services $id" ;;
  *) main="$main $role:$id" ;;
  esac
done

record() {
  RANKWISE_PROCESS_ROLE=$1 sh ./worker.sh "$2" session </dev/null >/dev/null 2>&1
}

# Start time in ticks of process $1; nothing for one that has ended.
start_time() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- $stat
  case $1 in Z | X) return 1 ;; esac
  shift 19
  echo "$1"
}

# Sends signal $1 to every process in the session of service $2 while its recorded leader lives.
signal_session() {
  pid= start= session=
  [ -e "$2.start" ] || return 1
  . "./$2.start"
  [ -n "$session" ] && [ "$(start_time "$pid")" = "$start" ] || return 1
  for entry in /proc/[0-9]*; do
    IFS= read -r stat 2>/dev/null <"$entry/stat" || continue
    stat=${stat##*) }
    set -- "$1" "$2" $stat
    [ "$6" = "$session" ] && kill -s "$1" "${entry#/proc/}" 2>/dev/null
  done
}

# Ends service $1: after $2 seconds it is asked, and ten seconds later killed.
end_service() {
  left=$2
  while [ "$left" -gt 0 ] && [ ! -e "$1.exit" ]; do
    sleep 1
    left=$((left - 1))
  done
  tries=0
  while [ ! -e "$1.exit" ] && [ "$tries" -lt 40 ]; do
    case $tries in
    0 | 5) signal_session TERM "$1" ;;
    *) [ "$tries" -ge 20 ] && signal_session KILL "$1" ;;
    esac
    tries=$((tries + 1))
    sleep 0.5 2>/dev/null || { sleep 1; tries=$((tries + 1)); }
  done
}

# The elements of a pipeline run side by side in the foreground; background jobs would ignore SIGINT (see start.sh).
run_main() {
  first=$1
  shift
  if [ $# -eq 0 ]; then
    record "${first%%:*}" "${first#*:}"
  else
    record "${first%%:*}" "${first#*:}" | run_main "$@"
  fi
}
end_services() {
  [ $# -eq 0 ] && return
  first=$1
  shift
  if [ $# -eq 0 ]; then
    end_service "${first%%:*}" "${first#*:}"
  else
    end_service "${first%%:*}" "${first#*:}" | end_services "$@"
  fi
}
run_all() {
  if [ $# -eq 0 ]; then
    [ -n "$main" ] || return
    run_main $main
    end_services $services
  else
    first=$1
    shift
    record service "${first%%:*}" | run_all "$@"
  fi
}
run_all $services
