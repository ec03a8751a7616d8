#!/bin/sh
# The main job on the example repositories, offline, then where to look next. BIN is where `auditor` is installed.
set -eu
cd "$(dirname "$0")/.."
AUDITOR=${BIN:-.venv/bin}/auditor

title() { printf '\n== %s\n' "$1"; }
repository() { find "examples/$1" -mindepth 1 -maxdepth 1 -type d; }

whole() {
    title "$2"
    printf '$ auditor scan %s\n\n' "$(repository "$1")"
    "$AUDITOR" scan "$(repository "$1")"
}

whole rag-service "A service that embeds with a model which nobody chose on purpose"
whole silent-dependency "No model is named anywhere: a package brings its own"
whole monorepo "Two products in one repository, two verdicts"

title "And the others, in a line each"
for expected in examples/*/expected.toml; do
    name=$(basename "$(dirname "$expected")")
    case $name in rag-service | silent-dependency | monorepo) continue ;; esac
    "$AUDITOR" scan --quiet "$(repository "$name")" | sed -n "1s/^/$(printf '%-32s' "$name")/p"
done

title "A model by its name"
printf '$ auditor explain %s\n\n' nvidia/OpenReasoning-Nemotron-7B
"$AUDITOR" explain nvidia/OpenReasoning-Nemotron-7B

title "Where to look next"
cat <<EOF
  $AUDITOR scan PATH              a repository of yours, or a git URL
  $AUDITOR scan -o report.json    every model, place and gap, as JSON
  $AUDITOR explain MODEL          who made these weights, with evidence
  examples/*/expected.toml              what each example must show, and why
  README.md                             how it decides, and what it cannot see
EOF
