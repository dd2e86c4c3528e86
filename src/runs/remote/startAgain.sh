# startAgain.sh RUNDIR HOST   Makes way for another start of a run of which nothing is left. Run from the home directory.
# Output: "A ID N" for each process that was started N times, then "cleared"; or "stopped" where somebody has asked for
# a stop meanwhile, and nothing is changed.
cd -- "$1/$2" || exit
read -r by 2>/dev/null <stopped
if [ "$by" = stop ]; then
  echo stopped
  exit
fi
for file in *.attempt; do
  read -r attempt 2>/dev/null <"$file" || continue
  case $attempt in *[!0-9]*) ;; *) echo "A ${file%.attempt} $attempt" ;; esac
done
rmdir -- *.claim 2>/dev/null
rm -f stopped && rm -rf started && echo cleared
