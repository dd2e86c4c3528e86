# unmark.sh NONCE NAME   Takes this host's mark away again.
rm -f ".rankwise/probe/$1.$2"
