#!/bin/sh
# follow.sh   Sends what is new in this directory, until standard input ends or nobody reads any more.
# Input: lines "NAME INODE OFFSET" for what the reader has, then an empty line.
# Output: the line "rankwise follow", then a header line each:
#   D NAME INODE OFFSET LENGTH   followed by that many bytes. Another INODE than before begins a new life of the file;
#                                "-N" behind the number counts how often it was cut short in place
#   S                            everything that was there at the beginning has been sent
#   G ID                         the process of ID.start is gone and left no ID.exit
#   H EPOCH                      heartbeat, every two seconds and after an exit record: all that was there is sent
cd -- "$(dirname -- "$0")" || exit 1
chunk=1048576
export LC_ALL=C # the columns of ls
umask 077 # some shells put what they read below into a file first

# Names are made by us: letters, digits, dots, dashes and underscores. In names of variables each of the last three
# becomes two characters of its own, so that no two files share one.
is_ours() {
  case $1 in *[!A-Za-z0-9._-]* | [!A-Za-z0-9_]*) return 1 ;; esac
}
variable() {
  key=
  rest=$1
  while [ -n "$rest" ]; do
    tail=${rest#?}
    char=${rest%"$tail"}
    case $char in .) char=_d ;; -) char=_m ;; _) char=__ ;; esac
    key=$key$char
    rest=$tail
  done
}
while IFS=' ' read -r name inode offset; do
  [ -n "$name" ] || break
  is_ours "$name" || continue
  variable "$name"
  case ${inode%-*}${inode##*-}$offset in *[!0-9]*) continue ;; esac
  eval "inode_$key=$inode offset_$key=$offset"
done

# Ends this script when the reader closes our input.
exec 3<&0
main=$$
(
  cat <&3 >/dev/null
  kill -s TERM "$main"
) 2>/dev/null &
reader=$!
trap 'kill "$reader" 2>/dev/null' EXIT
trap 'exit 0' TERM HUP PIPE

# Whether process $1 runs and began at $2.
is_process() {
  IFS= read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  stat=${stat##*) }
  set -- "$2" $stat
  case $2 in Z | X) return 1 ;; esac # ended, only not yet collected
  [ "${21}" = "$1" ]
}
IFS= read -r boot_id </proc/sys/kernel/random/boot_id
check_alive() {
  for record in *.start; do
    [ -e "$record" ] || continue
    id=${record%.start}
    case $id in *[!a-z0-9-]*) continue ;; esac # the job's own
    [ -e "$id.exit" ] && continue
    pid= start= boot= job= recorder= recorder_start=
    . "./$record"
    [ -z "$job" ] || continue # on another host: its controller knows
    if [ "$boot" = "$boot_id" ]; then
      is_process "$pid" "$start" && continue
      is_process "$recorder" "$recorder_start" && continue # it will write the exit record
    fi
    # Several times in a row: where the recorder went too, its watcher writes the exit record.
    variable "$id"
    eval "missing=\${missing_$key:-0}"
    missing=$((missing + 1))
    eval "missing_$key=$missing"
    [ "$missing" -eq 4 ] && { echo "G $id" || exit; }
  done
}

# One line each, as ls has it, of the files to be sent. The job may write files of any name beside ours.
list() {
  set --
  for name in stopped job *.exit *.log *.start *.incomplete *.clock; do
    is_ours "$name" && set -- "$@" "$name"
  done
  ls -linL -- "$@" 2>/dev/null
}

# Records are small, ours, and complete once they have their name: read without starting a program.
read_record() {
  record=
  line=
  while IFS= read -r line; do
    record="$record$line
"
  done 2>/dev/null <"$1"
  record=$record$line
}

# Exit records are looked at before logs: when one is listed, the log's size in the same list is final.
echo 'rankwise follow' || exit
beat=0
synced=
while :; do
  more=
  while read -r inode mode links uid gid size month day time name; do
    case $mode in -*) ;; *) continue ;; esac
    variable "$name"
    eval "known=\${inode_$key:-} offset=\${offset_$key:-0}"
    if [ "${known%-*}" != "$inode" ]; then
      offset=0
    elif [ "$size" -lt "$offset" ]; then
      case $known in *-*) cuts=${known##*-} ;; *) cuts=0 ;; esac
      offset=0 inode=$inode-$((cuts + 1))
    else
      inode=$known
    fi
    if [ "$size" -gt "$offset" ] && [ -r "$name" ]; then
      length=$((size - offset))
      [ "$length" -gt "$chunk" ] && { length=$chunk more=1; }
      echo "D $name $inode $offset $length" || exit
      record=
      case $offset/$name in 0/*.start | 0/*.exit) read_record "$name" ;; esac
      if [ "${#record}" -eq "$length" ]; then
        printf %s "$record" || exit
      else
        # Padded, so that a file cut short meanwhile cannot shift what follows; the next round starts it anew.
        { tail -c "+$((offset + 1))" -- "$name"; cat /dev/zero; } 2>/dev/null | head -c "$length" || exit
      fi
      offset=$((offset + length))
      case $name in *.exit) beat=0 ;; esac
    fi
    eval "inode_$key=$inode offset_$key=$offset"
  done <<END
$(list)
END
  if [ -z "$more" ]; then
    [ -n "$synced" ] || { echo S || exit; synced=1; }
    if [ "$beat" -le 0 ]; then
      [ -e follow.sh ] || exit 3 # the directory was removed under us
      check_alive
      echo "H $(date +%s)" || exit
      beat=10
    fi
    beat=$((beat - 1))
    sleep 0.2 2>/dev/null || { sleep 1; beat=$((beat - 4)); }
  fi
done
