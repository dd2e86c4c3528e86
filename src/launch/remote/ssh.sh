#!/bin/sh
# ssh.sh   Stands for `ssh` where a launcher (horovodrun, launch.py) calls it with host key checks switched off: the
# same ssh, but with the checks on, since OpenSSH takes the first value it is given. What it starts on the other host
# carries the run's id, so that nothing of the run is overlooked there.
# From the environment: RANKWISE_RUN_ID, and RANKWISE_SSH, the real ssh.

# Options and the host go to the end of the arguments; what follows the host is the command.
left=$#
host=
command=
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case $word in
  -[BbcDEeFIiJLlmOoPpQRSWw])
    value=$1
    shift
    left=$((left - 1))
    set -- "$@" "$word" "$value"
    ;;
  -*) set -- "$@" "$word" ;;
  *)
    if [ -z "$host" ]; then
      host=$word
      set -- "$@" "$word"
    else
      command=$word
      break
    fi
    ;;
  esac
done
while [ "$left" -gt 0 ]; do
  command="$command $1"
  shift
  left=$((left - 1))
done

real=${RANKWISE_SSH:-/usr/bin/ssh}
[ -n "$command" ] || exec "$real" -o StrictHostKeyChecking=yes "$@"
quoted=$(printf '%s\n' "$command" | sed "s/'/'\\\\''/g")
exec "$real" -o StrictHostKeyChecking=yes "$@" \
  "exec env RANKWISE_RUN_ID=$RANKWISE_RUN_ID RANKWISE_ROLE=launcher sh -c '$quoted'"
