# makeKey.sh KEYFILE COMMENT [anew]   Makes a key pair without a passphrase in ~/.ssh, unless it is there. The private
# key never leaves the host.
umask 077
file=$1
cd "$HOME" && mkdir -p .ssh && cd .ssh || exit 1
command -v ssh-keygen >/dev/null 2>&1 || { echo 'ssh-keygen is not installed' >&2; exit 127; }
[ "${3-}" = anew ] && rm -f "$file" "$file.pub"
if [ -s "$file" ]; then
  [ -s "$file.pub" ] && exit 0
  ssh-keygen -y -f "./$file" </dev/null >".$file.pub" && mv ".$file.pub" "$file.pub"
  exit
fi
rm -f ".$file" ".$file.pub"
ssh-keygen -q -t ed25519 -N '' -C "$2" -f "./.$file" </dev/null >&2 || exit 1
mv ".$file.pub" "$file.pub" && mv ".$file" "$file"
