# checkout.sh   Puts a commit of a git repository into the workdir. Sent on standard input after lines that set: tag,
# workdir, repository, ref, used (runs that use the workdir). Answer: the line "TAG commit=HASH".
# Nothing of a person is overwritten: a workdir with changes, or of something else, is refused.
tell() { printf '\n%s %s\n' "$tag" "$1"; }
refuse() { echo "$1" >&2; exit 1; }
command -v git >/dev/null 2>&1 || refuse 'git is not installed'
GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND=${GIT_SSH_COMMAND-ssh -o BatchMode=yes}
export GIT_TERMINAL_PROMPT GIT_SSH_COMMAND
mkdir -p -- "$workdir" && cd -- "$workdir" || exit
if [ -e .git ]; then
  origin=$(git config --get remote.origin.url)
  [ "$origin" = "$repository" ] || refuse "the workdir is a checkout of ${origin:-something without an origin}"
  changed=$(git status --porcelain --untracked-files=no | head -n 5 | tr '\n' ';') || exit
  [ -z "$changed" ] || refuse "the workdir has local changes: $changed"
else
  for entry in .* *; do
    case $entry in . | .. | '.*' | '*' | .rankwise*) continue ;; esac
    refuse "the workdir is not empty and no git checkout ($entry)"
  done
  git init -q && git remote add origin "$repository" || exit
fi
find_commit() {
  for name in "refs/remotes/origin/$ref" "refs/tags/$ref" "$ref"; do
    git rev-parse -q --verify "$name^{commit}" 2>/dev/null && return
  done
  return 1
}
# A full hash that is here already needs no network.
case $ref in
*[!0-9a-f]*) commit= ;;
????????????????????????????????????????) commit=$(git rev-parse -q --verify "$ref^{commit}" 2>/dev/null) ;;
*) commit= ;;
esac
if [ -z "$commit" ]; then
  git fetch -q --tags --force origin '+refs/heads/*:refs/remotes/origin/*' </dev/null || exit
  commit=$(find_commit) || { git fetch -q origin "$ref" </dev/null && commit=$(git rev-parse -q --verify 'FETCH_HEAD^{commit}'); } ||
    refuse "the repository has no branch, tag or commit $ref"
fi
if [ "$(git rev-parse -q --verify HEAD 2>/dev/null)" != "$commit" ]; then
  [ -z "$used" ] || refuse "another run uses the workdir ($used), which has another commit"
  git checkout -q --detach "$commit" </dev/null || exit
fi
tell "commit=$commit"
