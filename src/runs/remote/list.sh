# list.sh   Names the runs that were started here: "RUN HOST" for each.
for plan in .rankwise/runs/*/*/plan.json; do
  [ -e "$plan" ] || continue
  host=${plan%/plan.json}
  [ -d "$host/started" ] || continue
  run=${host%/*}
  echo "${run##*/} ${host##*/}"
done
