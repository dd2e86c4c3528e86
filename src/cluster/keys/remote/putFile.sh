# putFile.sh NAME MODE WAS TEMPORARY   Puts TEMPORARY in the place of NAME, both in ~/.ssh, with permissions MODE.
# MODE "remove": removes NAME instead. WAS is the SHA-256 of what NAME holds now, or "-" where there is none:
# nothing happens when somebody has changed it meanwhile. A link stays one.
umask 077
name=$1
mode=$2
was=$3
temporary=$4
cd "$HOME/.ssh" || exit 1
trap 'rm -f "$temporary"' EXIT
path=$name
if [ -h "$name" ]; then path=$(readlink -f "$name") || exit 1; fi
now=-
if [ -e "$path" ]; then
  now=$(sha256sum <"$path") || exit 1
  now=${now%% *}
fi
if [ "$now" != "$was" ]; then
  echo "$name has changed meanwhile" >&2
  exit 3
fi
if [ "$mode" = remove ]; then
  rm -f "$path"
  exit
fi
beside=$temporary
if [ "$path" != "$name" ]; then
  # The file itself may be on another disk, where a rename would not be one step.
  beside=$path.${temporary#.}
  cp "$temporary" "$beside" || exit 1
fi
chmod "$mode" "$beside" && mv -f "$beside" "$path"
