#!/bin/sh
# with-ssh.sh WORD...   Runs a launcher that finds ssh.sh where it looks for ssh.
directory=$(cd -- "$(dirname -- "$0")" && pwd) || exit
(umask 077 && mkdir -p "$directory/bin") && ln -sf ../ssh.sh "$directory/bin/ssh" || exit
RANKWISE_SSH=$(command -v ssh) || { echo 'ssh is not installed here' >&2; exit 127; }
PATH=$directory/bin:$PATH
export RANKWISE_SSH PATH
# Ranks inherit the environment of the launcher, and each is on a host of its own.
unset RANKWISE_HOST
exec "$@"
