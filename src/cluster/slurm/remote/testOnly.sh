# testOnly.sh SETUP WORKDIR <SCRIPT   Asks the controller whether it would take an sbatch script, and when it would start; nothing
# is submitted. Follows findSlurm.sh; run from WORKDIR, as the job would be, because relative paths of the script count from there.
# Output:
#   S LINE    each line that sbatch said
#   R CODE    its exit code
#   X WORDS   why it was not asked
#   E         the answer is complete
case $2 in
'~') ;;
'~/'*) cd "${2#??}" 2>/dev/null || fail "the workdir $2 does not exist on this host" ;;
*) cd "$2" 2>/dev/null || fail "the workdir $2 does not exist on this host" ;;
esac
said=$(sbatch --test-only 2>&1)
code=$?
printf '%s\n' "$said" | head -c 8000 | sed 's/^/S /'
echo "R $code"
echo E
