# oom.sh SINCE   What the kernel knows of processes it killed for lack of memory. SINCE: seconds since the epoch.
# Answer: "uid=N", "boot=ID", "oomkills=N" (since the boot), "records=yes" where the kernel's log can be read, and for each
# record "kill=EPOCH PID UID NAME".
echo "uid=$(id -u)"
IFS= read -r boot </proc/sys/kernel/random/boot_id && echo "boot=$boot"
while read -r key count; do
  [ "$key" = oom_kill ] && echo "oomkills=$count"
done </proc/vmstat

# Kernel time is seconds since the boot; the difference to the clock, as it is now.
IFS=' .' read -r up rest </proc/uptime
zero=$(($(date +%s) - up))
read_kernel() { dmesg 2>/dev/null || journalctl -k -b -o short-monotonic --no-pager -q 2>/dev/null; }
if text=$(read_kernel) && [ -n "$text" ]; then
  echo records=yes
  printf '%s\n' "$text" | sed -n 's/^\[ *\([0-9]*\)\..*Killed process \([0-9]*\) (\(.*\)) total-vm.*UID:\([0-9]*\).*$/\1 \2 \4 \3/p; t
s/^\[ *\([0-9]*\)\..*Killed process \([0-9]*\) (\(.*\)) total-vm.*$/\1 \2 ? \3/p' |
    while read -r seconds pid uid name; do
      at=$((zero + seconds))
      [ "$at" -lt "$1" ] || echo "kill=$at $pid $uid $name"
    done
fi
