"""Folders and files that lead out of the tree, never end, or cost more to read than they are worth."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable
from functools import partial

from tests.hostile.case import SECRET, Case, Place

_DEEP = 100_000
_DIGITS = 1_000_000
_GB = 1 << 30


def _links(place: Place) -> None:
    """Ways out of the tree: by file, by folder, by a chain, absolute and relative, and into the machine's own files."""
    links: dict[str, str | os.PathLike[str]] = {
        "secret.py": place.outside / "secret.py",
        "relative.py": "../outside/secret.py",
        "folder": place.outside,
        "first.py": "second.py",
        "second.py": place.outside / "secret.py",
        "endless.py": "/dev/zero",
        "memory.py": "/proc/self/mem",
        "passwords.env": "/etc/passwd",
        "root": "/",
    }
    for name, target in links.items():
        os.symlink(target, place.repo / name)


def _loops(place: Place) -> None:
    place.write("a/b/c.txt", "")
    for name, target in {
        "self.py": "self.py",
        "x.py": "y.py",
        "y.py": "x.py",
        "a/b/up": "../..",
        "a/here": ".",
    }.items():
        os.symlink(target, place.repo / name)


def _special(place: Place) -> None:
    """What never answers: pipes and sockets, where ordinary names would be."""
    for name in ("pipe.py", "config.yaml", "model.gguf", "pyproject.toml", ".gitignore", "auditor.toml"):
        os.mkfifo(place.repo / name)
    here = os.getcwd()
    os.chdir(place.repo)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket.json")
    finally:
        os.chdir(here)


def _devices(place: Place) -> None:
    for name, minor in (("zero.py", 5), ("random.json", 8)):
        os.mknod(place.repo / name, stat.S_IFCHR | 0o666, os.makedev(1, minor))


def _names(place: Place) -> None:
    """Names that mean something to a terminal, a shell, a page, a table or an option parser."""
    for name in NAMES:
        with open(os.fsencode(place.repo) + b"/" + name, "w") as file:
            file.write('pipeline(model="BAAI/bge-m3")\n')


NAMES = (
    b"new\nline.py", b"\x1b[2J\x1b]0;title\x07.py", b"\xff\xfe.py", "\u202egpj.exe.py".encode(), b"-rf.py", b"--rules=x.py",
    b"<script>alert(1)<&>.py", b"=HYPERLINK(0).py", b"::error::x.py", b"a|b](x).py", b"%0a%0d.py", b"$(touch ran).py", b"`x`.py",
    b"n" * 250 + b".py", b" .py", b"con.py", b"a\tb.py", b"\xed\xa0\x80.py",
)  # fmt: skip


def _sparse(place: Place) -> None:
    """Ten gigabytes each, of which the disk holds nothing."""
    for name in (
        "big.py",
        "big.json",
        "big.ipynb",
        "big.yaml",
        "big.lock",
        "big.gguf",
        "big.safetensors",
        "big.pt",
        "big.bin",
    ):
        with open(place.repo / name, "wb") as file:
            file.truncate(10 * _GB)


def _many(place: Place) -> None:
    for folder in range(100 if place.whole else 5):
        (place.repo / f"d{folder}").mkdir()
        for number in range(200):
            (place.repo / f"d{folder}/f{number}.py").touch()


def _chain(place: Place) -> None:
    """Folders a thousand deep, past the longest path that a system call takes."""
    here = os.getcwd()
    os.chdir(place.repo)
    try:
        for _ in range(1000):
            os.mkdir("deeper")
            os.chdir("deeper")
        with open("far.py", "w") as file:
            file.write("x = 1\n")
    finally:
        os.chdir(here)


def _notebook(place: Place) -> None:
    """A small notebook in bytes, large in cells, outputs and lines."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "source": ["x\n"] * 3,
        "outputs": [],
        "execution_count": None,
    }
    shown = {
        "output_type": "display_data",
        "data": {"text/plain": ["Qwen/x\n"] * (100_000 if place.whole else 5_000), "image/png": "A" * 1_000_000},
    }
    cells = [cell] * (40_000 if place.whole else 2_000) + [cell | {"outputs": [shown]}]
    place.write("bomb.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
    place.write("deep.ipynb", '{"cells": [{"cell_type": "code", "source": ' + "[" * _DEEP)
    place.write("many.ipynb", '{"cells": [' * 50_000)
    place.write(
        "wide.ipynb",
        '{"cells": [{"cell_type": "code", "source": "' + "%%bash\\n" * (200_000 if place.whole else 5_000) + '"}]}',
    )


def _aliases(place: Place) -> None:
    """A kilobyte of YAML that stands for more values than there are atoms in a room."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    place.write("laughs.yaml", "\n".join(lines))
    merged = ["m0: &m0 {k: v, model: x}"]
    merged += [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}], k{n}: v}}" for n in range(1, 40)]
    place.write("docker-compose.yml", "\n".join([*merged, "services:", "  a: *m39"]))
    place.write("values.yaml", "a: &a [*a, *a, *a]\nb: &b {c: *b}\n")
    place.write("README.md", "---\n" + "\n".join(lines) + "\n---\n# x\n")


_NESTED: dict[str, str] = {
    "python": "x = " + "(" * _DEEP,
    "python-unary": "x = " + "-" * _DEEP + "1",
    "python-attributes": "x = a" + ".b" * _DEEP,
    "python-sums": "x = " + "'a' + " * _DEEP + "'b'",
    "python-indent": "".join(" " * depth + "if x:\n" for depth in range(1_500)),
    "json": "[" * _DEEP,
    "json-objects": '{"a":' * _DEEP,
    "yaml": "[" * _DEEP,
    "yaml-blocks": "- " * _DEEP,
    "yaml-keys": "? " * _DEEP,
    "toml": "x = " + "[" * _DEEP,
    "toml-keys": "a" + ".a" * _DEEP + " = 1",
    "javascript": "x = " + "[" * _DEEP,
    "javascript-calls": "a" + "(b" * _DEEP,
    "javascript-chain": "x = a" + ".then(b)" * _DEEP,
    "typescript": "type A = " + "A<" * _DEEP,
    "tsx": "x = " + "<a>" * _DEEP,
    "go": "package a\nvar x = " + "[]int{" * _DEEP,
    "rust": "fn f() { " + "{" * _DEEP,
    "java": "class A { int x = " + "(" * _DEEP,
    "kotlin": "val x = " + "(" * _DEEP,
    "csharp": "var x = " + "(" * _DEEP,
    "ruby": "x = " + "[" * _DEEP,
    "php": "<?php $x = " + "[" * _DEEP,
    "swift": "let x = " + "[" * _DEEP,
    "cpp": "int x = " + "(" * _DEEP,
    "hcl": "a = " + "[" * _DEEP,
    "hcl-blocks": "a {\n" * _DEEP,
    "dockerfile": "RUN " + "$(" * _DEEP,
    "shell": "x=" + "$(" * _DEEP,
    "shell-groups": "(" * _DEEP,
    "makefile": "x = " + "$(" * _DEEP,
    "card": ">" * _DEEP + "x\n" + "[" * _DEEP,
    "pom": "<project>" + "<dependency>" * _DEEP,
    "gradle": "dependencies " + "{" * _DEEP,
    "bun-lock": '{"packages": ' + "[" * _DEEP,
    "package-lock": '{"packages": ' + '{"a":' * _DEEP,
    "yarn-lock": "".join(" " * min(depth, 500) + "a:\n" for depth in range(4_000)),
    "requirements": "a" + "[" * _DEEP,
}
_NUMBERS: dict[str, str] = {
    "python": "x = {}\n",
    "json": '{{"x": {}}}',
    "yaml": "x: {}\n",
    "toml": "x = {}\n",
    "pyproject": "[project]\nversion = {}\n",
    "javascript": "x = {};\n",
    "rust": "const X: u8 = {};\n",
    "package-lock": '{{"lockfileVersion": {}, "packages": {{}}}}',
    "uv-lock": "version = {}\n",
    "requirements": "x=={}\n",
    "notebook": '{{"nbformat": {}, "cells": []}}',
}
_TEXTS: dict[str, bytes] = {
    "latin": "modèle = 'Qwen/Qwen3-8B'\n".encode("latin-1"),
    "overlong": b"x = '\xc0\xaf\xe0\x80\xaf' # \xed\xa0\x80\xed\xb0\x80\n",
    "cut": b"x = '\xf0\x9f\x98",
    "nul": b"x = 1\0\0\0\n",
    "bom": b"\xef\xbb\xbf\xef\xbb\xbfx = 1\n",
    "utf16": "x = 'Qwen/Qwen3-8B'\n".encode("utf-16"),
    "utf16-cut": b"\xff\xfex",
    "utf32": "x = 1\n".encode("utf-32"),
    "mark-only": b"\xff\xfe",
    "cookie": b"# -*- coding: unicode_escape -*-\nx = '\\x27\\nimport os'\n",
    "cookie-none": b"# -*- coding: no-such-codec -*-\nx = 1\n",
    "bidi": "x = '\u202e\u2066'\n".encode(),
    "separators": "x = 'a\u2028b\x85c\x0cd'\n".encode(),
}


def named(target: str, suffix: str) -> str:
    """A file name that is read as the target of that name."""
    from tests.fuzz.targets import FILES

    kind = target if target in FILES else target.partition("-")[0]
    folder, _, name = FILES[kind].rpartition("/")
    return f"{suffix}/{folder + '/' if folder else ''}{name}"


def _nested(place: Place) -> None:
    for target, content in _NESTED.items():
        place.write(named(target, target), content)


def _nested_one(target: str, place: Place) -> None:
    place.write(named(target, target), _NESTED[target])


def _numbers(place: Place) -> None:
    for target, content in _NUMBERS.items():
        place.write(named(target, target), content.format("9" * _DIGITS))


def _broken(place: Place) -> None:
    for name, content in _TEXTS.items():
        for ending in ("py", "js", "yaml", "json", "toml", "md", "env"):
            place.write(f"{name}/x.{ending}", content)


# What a pattern that looks twice at every place is slow on: openings without an end, and the separators between.
QUADRATIC: dict[str, str] = {
    "python": "f('" * 50_000,
    "javascript": "`${" * 50_000,
    "card": "[a](" * 60_000 + "`" * 60_000 + "<!--" * 60_000,
    "prose": "`a <" * 60_000,
    "yaml": "a: &a {{ " * 40_000,
    "helm": "{{" * 200_000,
    "env": "A=" + "${A:-" * 80_000,
    "ini": "[" * 300_000,
    "properties": "a\\\n" * 150_000,
    "hcl": "a = <<E\n" * 50_000,
    "dockerfile": "RUN <<E " * 50_000 + "\\\n" * 50_000,
    "modelfile": 'SYSTEM """' * 40_000,
    "shell": "<<E " * 100_000 + "${" * 100_000 + "'" * 99_999,
    "makefile": "a:b\\\n" * 60_000,
    "requirements": "a" * 300_000 + " ;" * 50_000,
    "go-mod": "replace (\n" * 40_000,
    "gemfile": "gem 'a', " * 40_000,
    "pom": "<dependency>" * 40_000 + "<!--" * 60_000,
    "gradle": "implementation group: 'a', " * 20_000,
    "nuget": "<PackageReference >" * 30_000,
    "yarn-lock": '"a@1, ' * 60_000,
    "pnpm-lock": "  /a@1(b@2" * 40_000,
    "go-sum": "a.b/c v1 " * 40_000,
    "json": '{"a": "' + "\\" * 400_000,
    "notebook": '{"cells": [' + '{"source": "' * 40_000,
    "package-json": '{"dependencies": {' + '"a": "' * 50_000,
    "bun-lock": "/*" * 200_000,
    "php": "<?php " * 60_000,
    "vue": "<script>" * 50_000,
    "gemfile-tabs": "\t" * 60_000,
    "requirements-continued": "\\\n" * 60_000,
    "javascript-comments": "/*\n" * 20_000,
    "javascript-words": "*a\n" * 20_000,
    "gradle-comments": "/*\n" * 20_000,
    "nuget-names": "<PackageReference " * 3_000,
}


def _quadratic(place: Place) -> None:
    for target, content in QUADRATIC.items():
        place.write(named(target, target), content)


def _files(name: str, build: Callable[[Place], object], *gaps: tuple[str, str], also: tuple[str, ...] = ()) -> Case:
    return Case("files", name, build, gaps, also=also)


_SPARSE_TEXT = ("big.py", "big.json", "big.ipynb", "big.yaml", "big.lock")
CASES: tuple[Case, ...] = (
    _files("links out of the tree, and to the machine's files", _links, ("secret.py", "symlink"), ("folder", "symlink"), ("root", "symlink")),
    _files("links in a loop", _loops),
    _files("pipes and sockets", _special, ("pipe.py", "special-file"), ("socket.json", "special-file"), ("model.gguf", "special-file")),
    _files("devices that never end", _devices, ("zero.py", "special-file"), ("random.json", "special-file")),
    _files("names with newlines, escapes, markup, and bytes that are no text", _names, also=("BAAI/bge-m3",)),
    _files("sparse files of 10 GB", _sparse, *((name, "too-large") for name in _SPARSE_TEXT)),
    _files("20 000 empty files", _many),
    _files("folders 1000 deep", _chain),
    _files("notebook bombs", _notebook, ("deep.ipynb", "not-parsed")),
    _files("YAML alias and merge bombs", _aliases),
    *(_files(f"nesting of 100 000: {target}", partial(_nested_one, target)) for target in _NESTED),
    _files("integers of a million digits", _numbers),
    _files("text that is no UTF-8", _broken, also=()),
    _files("openings without an end, 400 KB in each syntax", _quadratic),
)  # fmt: skip

__all__ = ["CASES", "NAMES", "QUADRATIC", "SECRET", "named"]
