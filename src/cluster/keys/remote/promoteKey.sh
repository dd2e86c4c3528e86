# promoteKey.sh KEYFILE   The next key takes the place of the present one.
cd "$HOME/.ssh" && mv "$1.next.pub" "$1.pub" && mv "$1.next" "$1"
