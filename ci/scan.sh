#!/usr/bin/env bash
# The scan of the GitHub action: on a pull request what it adds decides, and the whole goes to code scanning.
# In: AUDITOR, TARGET, JURISDICTION, and where they apply BASE, POLICY, POLICY_FROM, BASELINE, STRICT (see action.yml).
# Out: verdict, exit-code, report, sarif, category and comment in $GITHUB_OUTPUT; the comment in the summary of the job.
set -uo pipefail

# Two targets of one repository, or two questions, have their own files, comment and category.
target=$(printf %s "${TARGET#./}" | sed 's:/*$::; s:^\.$::')
name=$JURISDICTION${target:+-$(printf %s "$target" | tr -c 'A-Za-z0-9' -)}
out=$RUNNER_TEMP/auditor-out/$name
mkdir -p "$out/policy"

said() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

# What differs from the base is wanted, and a checkout has by itself only the last commit.
if [ -n "${BASE:-}" ] && ! git cat-file -e "$BASE^{commit}" 2>/dev/null; then
  git fetch --quiet --no-tags --depth=1 origin "$BASE" || exit 3
fi

options=(--jurisdiction "$JURISDICTION")
if [ -n "${BASELINE:-}" ]; then options+=(--baseline "$BASELINE"); fi
if [ "${STRICT:-false}" = true ]; then options+=(--strict); fi

# A pull request is audited by the policy that it meets, not by the one that it brings.
if [ -n "${BASE:-}" ] && [ "${POLICY_FROM:-base}" = base ]; then
  file=${POLICY:-auditor.toml}
  kept=$out/policy/$(basename "$file")
  if ! git show "$BASE:$file" >"$kept" 2>/dev/null; then
    if [ -n "${POLICY:-}" ]; then
      echo "::warning::the base has no $POLICY; the shipped policy, which only warns, is used"
      kept=$out/policy/auditor.toml
      : >"$kept"
    elif git show "$BASE:pyproject.toml" 2>/dev/null | grep -q '^\[\[*tool\.auditor'; then
      kept=$out/policy/pyproject.toml
      git show "$BASE:pyproject.toml" >"$kept"
    else
      : >"$kept"
    fi
  fi
  options+=(--policy "$kept")
elif [ -n "${POLICY:-}" ]; then
  options+=(--policy "$POLICY")
fi

whole=(-o "$out/auditor.json" -o "$out/auditor.sarif")
if [ -n "${BASE:-}" ]; then
  "$AUDITOR" scan "$TARGET" "${options[@]}" --since "$BASE" -o "$out/auditor.md"
  code=$?
  "$AUDITOR" scan "$TARGET" "${options[@]}" "${whole[@]}" --exit-zero --quiet || code=$?
else
  "$AUDITOR" scan "$TARGET" "${options[@]}" "${whole[@]}" -o "$out/auditor.md"
  code=$?
fi

said exit-code "$code"
if [ -s "$out/auditor.json" ]; then
  said report "$out/auditor.json"
  said verdict "$(sed -n '/^  "summary"/,$s/^    "verdict": "\([a-z]*\)".*/\1/p' "$out/auditor.json")"
fi
if [ -s "$out/auditor.sarif" ]; then
  # GitHub reads paths from the root of the checkout, and ours begin at the target.
  if [ -n "$target" ]; then
    at=$(jq -rn --arg at "$target" '$at | split("/") | map(@uri) | join("/") + "/"') &&
      jq --arg at "$at" '(.. | .artifactLocation? | select(.) | .uri) |= $at + .' "$out/auditor.sarif" >"$out/placed.sarif" &&
      mv "$out/placed.sarif" "$out/auditor.sarif"
  fi
  said sarif "$out/auditor.sarif"
  said category "auditor-$name"
fi
if [ -s "$out/auditor.md" ]; then
  if [ -n "$target" ]; then sed -i "1s| -->\$| ${name#"$JURISDICTION-"} -->|" "$out/auditor.md"; fi
  said comment "$out/auditor.md"
  cat "$out/auditor.md" >>"$GITHUB_STEP_SUMMARY"
fi
