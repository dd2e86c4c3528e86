# joining.sh RUN HOST ADDRESS PORT   What is there of a run whose workers do not come: sent on standard input of `sh -s`.
# Answer: "process=NAME" for each process of the run, "port=answers|refused|silent|unknown" for the place where the
# workers meet (ADDRESS "-": there is none), "last=LINE" the last line of the launcher's log here.
run=$1
host=$2
shift 2
for environ in $(grep -l -F -e "RANKWISE_RUN_ID=$run" /proc/[0-9]*/environ 2>/dev/null); do
  entry=${environ%/environ}
  words=$(tr '\0' '\n' 2>/dev/null <"$environ" | grep '^RANKWISE_')
  newline='
'
  case "$newline$words$newline" in
  *"${newline}RANKWISE_ROLE=supervisor$newline"*) continue ;;
  *"${newline}RANKWISE_HOST=$host$newline"*) ;;
  *"${newline}RANKWISE_HOST="*) continue ;; # another host on the same machine
  esac
  case "$newline$words$newline" in *"${newline}RANKWISE_RUN_ID=$run$newline"*) ;; *) continue ;; esac
  IFS= read -r name 2>/dev/null <"$entry/comm" && echo "process=$name"
done

# Whether somebody listens, by whatever is here; 3 s are enough for a handshake.
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 3'
try_port() {
  if command -v python3 >/dev/null 2>&1; then
    python3 -c 'import socket, sys
try: socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)
except ConnectionRefusedError: sys.exit(7)
except OSError: sys.exit(8)' "$1" "$2" 2>/dev/null
  elif command -v bash >/dev/null 2>&1 && [ -n "$limit" ]; then
    said=$($limit bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>&1) && return 0
    case $said in *refused*) return 7 ;; *) return 8 ;; esac
  elif command -v nc >/dev/null 2>&1; then
    nc -w 3 "$1" "$2" </dev/null >/dev/null 2>&1 || return 8
  else
    return 9
  fi
}
if [ "$1" != - ]; then
  try_port "$1" "$2"
  case $? in 0) echo port=answers ;; 7) echo port=refused ;; 8) echo port=silent ;; *) echo port=unknown ;; esac
fi
for log in .rankwise/runs/"$run"/*/launcher.log; do
  [ -s "$log" ] && echo "last=$(tail -c 2000 -- "$log" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1)"
done
exit 0
