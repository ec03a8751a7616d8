"""What a configuration file is written in and for, by its name and, for YAML, by what it says."""

from __future__ import annotations

import re

_BY_NAME = (
    (r"(?:.*[._-])?(?:docker-)?compose(?:[._-][^/]*)?\.ya?ml", "compose"),
    (r"docker-stack[^/]*\.ya?ml", "compose"),
    (r"(?:docker|container)file(?:[._-][^/]*)?|[^/]*\.(?:docker|container)file", "dockerfile"),
    (r"modelfile(?:[._-][^/]*)?|[^/]*\.modelfile", "modelfile"),
    (r"procfile(?:[._-][^/]*)?", "procfile"),
    (r"(?:gnu)?makefile(?:[._-][^/]*)?|[^/]*\.(?:mk|mak)|justfile", "makefile"),
    (r"[^/]*\.(?:sh|bash|zsh|ksh|fish|command|slurm|sbatch)", "shell"),
    (r"\.env(?:[._-][^/]*)?|[^/]*\.env|env\.(?:example|sample|template|dist|local)|[^/]*\.env\.[^/]*|\.envrc", "env"),
    (r"\.gitlab-ci[^/]*\.ya?ml|azure-pipelines[^/]*\.ya?ml|\.travis\.ya?ml|cloudbuild[^/]*\.ya?ml", "workflow"),
    (r"action\.ya?ml", "workflow"),
    (r"[^/]*\.(?:ya?ml|ya?ml\.(?:example|sample|template|dist|j2|tpl)|cff)", "yaml"),
    (r"[^/]*\.toml(?:\.(?:example|sample|template|dist))?|pipfile", "toml"),
    (r"[^/]*\.(?:json[c5]?|code-workspace|webmanifest)(?:\.(?:example|sample|template|dist))?", "json"),
    (r"\.git(?:modules|config)", "gitconfig"),
    (r"[^/]*\.(?:ini|cfg|conf|cnf)(?:\.(?:example|sample|template|dist))?", "ini"),
    (r"[^/]*\.properties", "properties"),
    (r"[^/]*\.(?:(?:cs|fs|vb)proj|props|targets)", "msbuild"),
    (r"[^/]*\.(?:tf|tfvars|hcl|nomad)", "hcl"),
    (r"[^/]*\.(?:md|mdx|markdown|qmd)", "front-matter"),
)
_NAMES = tuple((re.compile(pattern, re.IGNORECASE), dialect) for pattern, dialect in _BY_NAME)
_CI = re.compile(
    r"(?:^|/)(?:\.github/workflows|\.circleci|\.gitea/workflows|\.forgejo/workflows|\.buildkite)/[^/]+\.ya?ml$"
)
_API_VERSION = re.compile(r"^apiVersion[ \t]*:", re.MULTILINE)
_KIND = re.compile(r"^kind[ \t]*:", re.MULTILINE)
_SHEBANG = re.compile(r"#![^\n]*\b(?:ba|z|k|da|a)?sh\b")


def of(path: str, text: str) -> str:
    """The dialect of a file, "" when it is none that is known: compose, workflow, kubernetes, dockerfile, yaml, ..."""
    name = path.rsplit("/", 1)[-1]
    dialect = next((dialect for pattern, dialect in _NAMES if pattern.fullmatch(name)), "")
    if dialect == "yaml":
        if _CI.search(path):
            return "workflow"
        if _API_VERSION.search(text) and _KIND.search(text):
            return "kubernetes"
    if not dialect and _SHEBANG.match(text):
        return "shell"
    return dialect
