# tensorboard.sh   Serves TensorBoard on loopback of this host for as long as its standard input is open. Sent after lines that
# set: tag (begins the lines of ours), job (a script that becomes TensorBoard). Answer: what TensorBoard says, lines "TAG beat"
# once a second, so that a lost connection is noticed here too, and "TAG end=STATUS" when it is over. Nothing stays behind.
exec 3<&0
if command -v bash >/dev/null 2>&1; then shell='bash -l'; else shell=sh; fi
setsid $shell -c "$job" </dev/null 2>&1 3<&- &
board=$!
trap '' PIPE
# busybox takes no `--`, the others need it.
signal() {
  kill -s "$1" -- "-$board" || kill -s "$1" "-$board"
}
finish() {
  signal TERM
  left=50
  while signal 0 && [ "$left" -gt 0 ]; do
    sleep 0.1 || sleep 1
    left=$((left - 1))
  done
  signal KILL
} >/dev/null 2>&1
(
  while IFS= read -r line; do :; done <&3
  finish
) >/dev/null 2>&1 &
reader=$!
trap 'finish; kill "$reader" 2>/dev/null' EXIT
trap 'exit 129' HUP TERM INT
exec 3<&-
while kill -0 "$board" 2>/dev/null; do
  sleep 1
  echo "$tag beat" 2>/dev/null || exit 1
done
wait "$board"
echo "$tag end=$?"
