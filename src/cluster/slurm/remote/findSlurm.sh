# findSlurm.sh SETUP …   The beginning of scripts that ask Slurm. SETUP is the setup lines of the cluster, run in a login shell
# only where Slurm's commands are not found without them. `fail WORDS` says why there is no answer, in Slurm's words:
#   X WORDS
#   E
export LC_ALL=C
fail() {
  printf 'X %s\n' "$(printf '%s' "$1" | tr '\n' ' ' | head -c 400)"
  echo E
  exit
}
if ! command -v sinfo >/dev/null; then
  found=$(bash -lc "$1
printf '\nrankwise %s\n' \"\${SLURM_CONF:--}\" \"\$PATH\"" </dev/null 2>/dev/null | sed -n 's/^rankwise //p')
  conf=${found%%'
'*}
  PATH=${found#*'
'}
  export PATH
  [ "$conf" = - ] || [ -z "$conf" ] || export SLURM_CONF="$conf"
  command -v sinfo >/dev/null || fail 'sinfo is not found, neither by itself nor after the setup lines'
fi
