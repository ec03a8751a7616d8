#!/usr/bin/env bash
# Puts a report into a comment of a pull request: into the one that is there, known by its first line, or into a new one.
# In: COMMENT (a Markdown file), NUMBER, GITHUB_REPOSITORY, GH_TOKEN.
set -euo pipefail

comments=repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments
marker=$(head -n 1 "$COMMENT")
export marker

# Anybody can write the marker into a comment; only that of a bot is ours to change.
found=$(gh api --paginate "$comments?per_page=100" \
  --jq '.[] | select(.user.type == "Bot" and (.body | startswith(env.marker))) | .id' | head -n 1)

if [ -n "$found" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$found" -F "body=@$COMMENT"
else
  gh api --silent --method POST "$comments" -F "body=@$COMMENT"
fi
