# outputs.sh   Lists files below the workdir. Sent after lines that set: tag, workdir, rundir (of the run, relative to the home
# directory), host, limit; followed by `look START PATTERN` lines. Answer: lines "TAG KEY=VALUE": beside=HOST (whose part
# of the run directory is seen from here), start=EPOCH (when this host's part was written), file=SIZE MTIME INODE PATH, end=yes.
newline='
'
for other in "$rundir"/*/; do
  [ -d "$other" ] || continue
  other=${other%/}
  echo "$tag beside=${other##*/}"
done
[ ! -e "$rundir/$host/plan.json" ] || stat -c "$tag start=%Y" -- "$rundir/$host/plan.json"
look() {
  find -L "./$1" -type f -path "./$2" ! -path "*$newline*" -exec stat -L -c "$tag file=%s %Y %i %n" -- {} + 2>/dev/null |
    head -n "$limit"
}
[ -d "$workdir" ] || { echo "$tag end=yes"; exit 0; }
cd -- "$workdir" || exit
