# prove.sh PORT PEER...   Tries to reach each PEER by SSH as mpirun would: no questions, no unknown host keys. PORT "-"
# leaves it to the configuration. At most 8 at once. Output: "R NUMBER CODE WORDS" for each, from 0, in any order.
try() {
  said=$(ssh -n -T -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=5 \
    -o ServerAliveInterval=5 -o ServerAliveCountMax=2 ${2:+-p "$2"} -- "$3" true 2>&1 </dev/null)
  code=$?
  said=$(printf '%s' "$said" | tail -n 3 | tr '\r\n\t' '   ' | cut -c1-300)
  printf 'R %s %s %s\n' "$1" "$code" "$said"
}
number=0
while [ $# -gt 1 ]; do
  port=$1
  [ "$port" = - ] && port=
  try "$number" "$port" "$2" &
  number=$((number + 1))
  shift 2
  [ $((number % 8)) -eq 0 ] && wait
done
wait
