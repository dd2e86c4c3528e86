# readKeys.sh KEYFILE   Prints what ~/.ssh has, as far as keys between hosts are concerned. Changes nothing.
# Output: the line "rankwise keys", KEY=VALUE lines, files ("file NAME MODE SIZE", that many bytes, a newline), "end".
echo 'rankwise keys'
echo "user=$(id -un)"
# CLIENT PORT SERVER PORT, as the server sees it: the port that it really listens on.
[ -z "${SSH_CONNECTION-}" ] || echo "port=${SSH_CONNECTION##* }"
command -v ssh-keygen >/dev/null 2>&1 && command -v ssh >/dev/null 2>&1 && echo tools=yes
mode() {
  set -- $(LC_ALL=C ls -ldL -- "$1")
  mode=$1
}
mode "$HOME" && echo "home=$mode"
if [ -d "$HOME/.ssh" ] && cd "$HOME/.ssh"; then
  mode . && echo "directory=$mode"
  for name in "$1" "$1.next"; do
    [ -s "$name" ] && echo "private $name=yes"
  done
  for name in authorized_keys known_hosts config "$1.pub" "$1.next.pub"; do
    [ -e "$name" ] || [ -h "$name" ] || continue
    if [ ! -f "$name" ] || [ ! -r "$name" ]; then
      echo "unreadable=$name"
      continue
    fi
    mode "$name"
    size=$(wc -c <"$name")
    echo "file $name $mode $((size))"
    head -c "$size" <"$name"
    echo
  done
fi
echo end
