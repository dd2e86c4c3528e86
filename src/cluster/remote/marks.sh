# marks.sh NONCE NAME   Lists the marks that facts.sh left under this nonce, as this host sees them. One that is alone
# nobody else looks for: it is taken away at once.
set -- "$1" "$2" ".rankwise/probe/$1".*
nonce=$1
own=.rankwise/probe/$1.$2
shift 2
for mark; do
  [ -e "$mark" ] && echo "${mark#".rankwise/probe/$nonce."}"
done
[ $# -eq 1 ] && [ "$1" = "$own" ] && rm -f "$own"
:
