#!/usr/bin/env bash
# The wheel and the source archive, built twice in different folders: the same bytes, or the release is none.
# In: PYTHON with hatchling. Out: dist/, with SHA256SUMS. The time inside is that of the commit.
set -euo pipefail

python=${PYTHON:-python3}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for turn in first second; do
  mkdir "$work/$turn"
  git -C "$root" archive HEAD | tar x -C "$work/$turn"
  (cd "$work/$turn" && umask "$([ "$turn" = first ] && echo 022 || echo 077)" && "$python" -m hatchling build -d "$work/$turn.dist" >/dev/null)
  (cd "$work/$turn.dist" && sha256sum -- *) >"$work/$turn.sums"
done
if ! cmp -s "$work/first.sums" "$work/second.sums"; then
  diff "$work/first.sums" "$work/second.sums" >&2 || :
  echo "error: two builds of one commit differ" >&2
  exit 1
fi
rm -rf "$root/dist"
cp -r "$work/first.dist" "$root/dist"
cp "$work/first.sums" "$root/dist/SHA256SUMS"
cat "$work/first.sums"
