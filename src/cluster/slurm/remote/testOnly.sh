# testOnly.sh SETUP WORKDIR [DIRECTORY…] <SCRIPT   Asks the controller whether it would take an sbatch script, and when it would start; nothing
# is submitted. Follows findSlurm.sh; run from WORKDIR, as the job would be, because relative paths of the script count from there.
# Output:
#   D NUMBER  each DIRECTORY that exists, counted from 1
#   S LINE    each line that sbatch said
#   R CODE    its exit code
#   X WORDS   why it was not asked
#   E         the answer is complete
case $2 in
'~') ;;
'~/'*) cd -- "${2#??}" 2>/dev/null || fail "the workdir $2 does not exist on this host" ;;
*) cd -- "$2" 2>/dev/null || fail "the workdir $2 does not exist on this host" ;;
esac
shift 2
number=0
for directory; do
  number=$((number + 1))
  case $directory in /*) ;; *) directory=./$directory ;; esac
  [ -d "$directory" ] && echo "D $number"
done
said=$(sbatch --test-only 2>&1)
code=$?
printf '%s\n' "$said" | head -c 8000 | sed 's/^/S /'
echo "R $code"
echo E
