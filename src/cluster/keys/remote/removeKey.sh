# removeKey.sh KEYFILE   Removes the key pairs that makeKey.sh made.
cd "$HOME/.ssh" 2>/dev/null || exit 0
rm -f "$1" "$1.pub" "$1.next" "$1.next.pub" ".$1" ".$1.pub" ".$1.next" ".$1.next.pub"
