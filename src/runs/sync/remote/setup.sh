# setup.sh   Runs a set-up script once per file system and content. Sent on standard input after lock.sh and lines that
# set: tag, key (names content and workdir), job (script that runs it). Everything it prints is for people to read.
tell begin
(umask 077 && mkdir -p -- "$root/setup") || exit
finished=$root/setup/$key.done
if [ -e "$finished" ]; then
  tell already=yes
  exit 0
fi
take_lock "$root/setup/$key.lock" 900 'Waiting for the same set-up of another launch.' || exit
trap 'drop_lock "$root/setup/$key.lock"' EXIT
trap 'exit 1' HUP INT TERM
if [ -e "$finished" ]; then
  tell already=yes
  exit 0
fi
if command -v bash >/dev/null 2>&1; then interpreter='bash -l'; else interpreter=sh; fi
$interpreter /dev/fd/3 </dev/null 3<<END 2>&1
$job
END
status=$?
[ "$status" -eq 0 ] && (umask 077 && date >"$finished")
exit "$status"
