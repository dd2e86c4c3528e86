#!/bin/sh
# receive.sh   Puts the files of a tar stream on standard input into the workdir of the run. Each is written beside its
# place and moved there, so that whoever reads the workdir sees the old file or the new one, never half of one.
cd -- "$(dirname -- "$0")" || exit
host=${PWD##*/}
run=${PWD%/*}
run=${run##*/}
{ IFS= read -r node && IFS= read -r epoch && IFS= read -r path; } <workdir || exit
cd -- "$path" || exit
stage=$path/.rankwise-$run-$host
rm -rf -- "$stage"
mkdir -m 700 -- "$stage" || exit
trap 'rm -rf -- "$stage"' EXIT
trap 'exit 1' HUP INT TERM PIPE
(cd -- "$stage" && exec tar -xf -) || exit
cd -- "$stage" && find . -type f -exec sh -c '
  for file do
    target=../$file
    if [ -d "$target" ]; then echo "$file is a directory in the workdir" >&2; exit 1; fi
    mkdir -p -- "${target%/*}" && mv -f -- "$file" "$target" || exit
  done
' sh {} +
