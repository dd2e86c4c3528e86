# list.sh   Names the runs that have a directory here: "RUN HOST" for each.
for plan in .rankwise/runs/*/*/plan.json; do
  [ -e "$plan" ] || continue
  host=${plan%/plan.json}
  run=${host%/*}
  echo "${run##*/} ${host##*/}"
done
