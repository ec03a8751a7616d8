#!/bin/sh
# The main job on a few of the example repositories, then where to look next. BIN is where `auditor` is installed.
set -eu
cd "$(dirname "$0")/.."
BIN=${BIN:-.venv/bin}

scan() {
    printf '\n\033[2m-- %s\033[0m\n$ auditor scan %s\n\n' "$2" "$1" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi
    "$BIN/auditor" scan "$1"
}

for example in examples/*/; do
    [ -d "$example" ] && scan "${example%/}" "$example"
done
