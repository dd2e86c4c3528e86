# Makes the namespaces it is started in into a host: its own name, accounts, /etc/ssh, /run, /tmp and home.
# Arguments: name, directory of the host's files, directory mounted as the home, directory mounted as /mnt, directory
# mounted as /etc/slurm (or nothing), then NAME DIRECTORY of each Python environment.
set -eu
name=$1 files=$2 home=$3 truth=$4 slurm=$5
shift 5
hostname "$name"
ip link set lo up
mount -t tmpfs tmpfs /srv
while [ $# -gt 0 ]; do
  mkdir -p "/srv/python/$1"
  mount --bind "$2" "/srv/python/$1"
  mount -o remount,bind,ro "/srv/python/$1"
  shift 2
done
mount -t tmpfs tmpfs /run
mkdir -m 755 /run/sshd
mount --bind "$files/ssh" /etc/ssh
for file in passwd group shadow hosts hostname; do
  mount --bind "$files/$file" "/etc/$file"
done
[ -z "$slurm" ] || mount --bind "$slurm" /etc/slurm
mount -t tmpfs tmpfs /home
mkdir /home/trainer
mount --bind "$home" /home/trainer
mount --bind "$truth" /mnt
mount -t tmpfs tmpfs /dev/shm
chmod 1777 /dev/shm
mount -t tmpfs tmpfs /tmp
chmod 1777 /tmp
cd /
echo ready
# Process 1 of a host reaps orphans.
exec tini -- sleep infinity >/dev/null 2>&1
