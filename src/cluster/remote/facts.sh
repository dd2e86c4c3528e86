# facts.sh [NONCE NAME]   Prints what is true of this host, a KEY=VALUE a line.
# Sent on standard input of `sh -s`. With a nonce, leaves a mark in the home directory; hosts that later see each
# other's marks share one file system (marks.sh).
echo "home=$HOME"
IFS= read -r node </proc/sys/kernel/hostname && echo "node=$node"
echo "cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || echo 1)"
read -r load rest </proc/loadavg && echo "load=$load"
command -v bash >/dev/null 2>&1 && echo bash=yes
command -v setsid >/dev/null 2>&1 && echo setsid=yes
[ -r /proc/self/environ ] && echo proc=yes

# Four ports nobody listens on or talks from, below the range the kernel hands out by itself.
used=
for table in /proc/net/tcp /proc/net/tcp6; do
  [ -r "$table" ] || continue
  while read -r slot address rest; do used="$used${address##*:} "; done <"$table"
done
seed=$$
tries=0
ports=0
while [ "$tries" -lt 50 ] && [ "$ports" -lt 4 ]; do
  seed=$(((seed * 1103515245 + 12345 + tries) % 2147483648))
  port=$((20000 + seed / 65536 % 12000))
  hex=$(printf %04X "$port")
  case " $used" in
  *" $hex "*) tries=$((tries + 1)) ;;
  *) echo "port=$port" && ports=$((ports + 1)) && used="$used$hex " ;;
  esac
done

# What this host takes its own name for: 127.0.1.1 where /etc/hosts says so, as installers of Debian write it.
# A name server that does not answer is not waited for.
timeout 3 getent ahostsv4 "$node" 2>/dev/null | {
  read -r address rest && echo "own=$address"
}

if command -v ip >/dev/null 2>&1; then
  ip -o -4 address show scope global 2>/dev/null | while read -r index name family address rest; do
    echo "interface=$name $address"
  done
fi
if command -v nvidia-smi >/dev/null 2>&1; then
  nvidia-smi --query-gpu=index,name --format=csv,noheader 2>/dev/null | while IFS=, read -r index name; do
    echo "gpu=$index${name}"
  done
fi

if [ $# -eq 2 ]; then
  # A shell's own echo only says "I/O error" of a full disk: cat says why.
  leave_mark() {
    umask 077
    mkdir -p .rankwise/probe && { { echo x >"$1"; } 2>/dev/null || echo x | cat >"$1"; }
  }
  if mark=$(leave_mark ".rankwise/probe/$1.$2" 2>&1); then
    echo writable=yes
  else
    echo "unwritable=$mark"
  fi
fi
