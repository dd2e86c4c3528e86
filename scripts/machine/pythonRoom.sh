# Runs a command where a Python environment is seen at the path it has on the lab's hosts: /srv/python/NAME.
# Scripts of an environment name their interpreter by its path, and the cache may be where only root can look.
# Arguments: name, directory of the environment, command … Needs a mount namespace of its own.
set -eu
name=$1 directory=$2
shift 2
mount -t tmpfs tmpfs /srv
mkdir -p "/srv/python/$name"
mount --bind "$directory" "/srv/python/$name"
exec "$@"
