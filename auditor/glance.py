"""Whether a commit under way can name a model at all, told in the time that a hook has.

Asked before anything else is imported: reading rules and lineage data takes ten times as long as looking for what they
could speak of. `auditor.anchors` writes that down once for each state of the rules; here it is looked for in what is
staged, as git has it. The answer errs on one side only: "maybe" costs a whole look, "no" must be right.
"""

from __future__ import annotations

import os
import re
from array import array
from bisect import bisect_left
from zlib import crc32

FORMAT = "2"
SECTIONS = 13
LONGEST_STEM = 8
_POLICIES = (b"auditor.toml", b"pyproject.toml")
_CODE = (
    ("glance.py",),
    ("anchors.py",),
    ("detect", "names.py"),
    ("detect", "own_weights.py"),
    ("collect", "select.py"),
)
_MOST = 2 << 20  # bytes of a file
_MOST_FILES = 500  # beyond, a whole look is no longer slow in comparison
_TOKEN = re.compile(r"[A-Za-z0-9@$][A-Za-z0-9._:/@+~=?&%${}-]*")
_CALL = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]*+(?=\s*+\()")
_PART = re.compile(r"[/:@=?${}]-?")
_SHAPE = re.compile(
    r"(?:[\"'`=]|[:=] )(?!(?:application|audio|font|image|multipart|text|video)/)"
    r"[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*(?=[\"'`\s@:),]|$)",
    re.MULTILINE,
)
_SLASHED = re.compile(r"[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*")
_UNPACKED = re.compile(r"[=<>~\[@]")
_SLASH_OR_SET = re.compile(r"[/=]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
_LONGEST_BEGINNING = 3  # characters of a stem that are asked for first
_MOST_PLAIN = 1 << 20  # tokens that are remembered
_NAME, _SHORT, _KEYED, _PROGRAM, _SLASH, _CONSTANT = (1 << n for n in range(6))  # what a token may be
_HASH = re.compile(r"sha\d+-")


def nothing_staged(folder: str) -> bool:
    """Whether no staged file, as it would be committed, can name a model; false where that cannot be told."""
    anchors = _kept()
    return anchors is not None and _nothing_staged(folder, anchors)


def anchors_file() -> str | None:
    """Where the anchors for the state of this program lie or would; None for a user without a home."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    home = stated if os.path.isabs(stated) else os.path.expanduser("~/.cache")
    return os.path.join(home, "auditor", "glance", f"{crc32(state_of().encode()):08x}") if os.path.isabs(home) else None


def state_of() -> str:
    """The state of everything that anchors are made of, as a text on one line: paths, sizes and times."""
    package = os.path.dirname(os.path.abspath(__file__))
    rules = os.path.join(package, "_rules")
    rules = rules if os.path.isdir(rules) else os.path.join(os.path.dirname(package), "rules")
    stated = os.environ.get("XDG_DATA_HOME", "")
    data = stated if os.path.isabs(stated) else os.path.expanduser("~/.local/share")
    asked = [os.path.join(package, *name) for name in _CODE]
    asked.append(os.path.join(data, "auditor", "snapshot", "current"))
    for folder, folders, names in os.walk(rules):
        folders.sort()
        asked += (os.path.join(folder, name) for name in sorted(names))
    return " ".join([FORMAT, package, *map(_stamp, asked)])


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    return f"{status.st_mtime_ns:x}.{status.st_size:x}"


def _kept() -> Anchors | None:
    """The anchors that were written down for this state, by this user."""
    path = anchors_file()
    try:
        if path is None or os.lstat(os.path.dirname(path)).st_mode & 0o077:
            return None
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            if os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            lines = file.read().split(b"\n", SECTIONS + 1)
    except OSError:
        return None
    state, *sections, known = lines if len(lines) == SECTIONS + 2 else [b"", b""]
    if state.decode("utf-8", "replace") != state_of() or len(known) % 4:
        return None
    return Anchors([line.decode("utf-8").split("\t") for line in sections], known)


def _nothing_staged(folder: str, anchors: Anchors) -> bool:
    from auditor.collect.git import GitError, answer, repository_of

    repo = repository_of(folder)
    if repo is None or not repo.top or os.path.realpath(folder) != os.path.realpath(repo.top):
        return False
    index = {"GIT_INDEX_FILE": os.environ.get("GIT_INDEX_FILE", "")}
    try:
        listed = answer(repo, "diff-index", "--cached", "-r", "-z", "--raw", "--no-renames", "HEAD", "--", env=index)
        records = listed.split(b"\0")
        changed = [(path, head.split(b" ")) for head, path in zip(records[::2], records[1::2], strict=False)]
        blobs = {}
        for path, (_, mode, _, blob, _) in changed:
            if path.rpartition(b"/")[2] in _POLICIES or mode == b"160000" or anchors.weights(path):
                return False
            if mode in (b"100644", b"100755"):
                blobs[path] = blob
        if not blobs or len(blobs) > _MOST_FILES:
            return not blobs
        contents = _contents(answer(repo, "cat-file", "--batch", stdin=b"\n".join(blobs.values())))
        return not any(anchors.may_name(path, content) for path, content in zip(blobs, contents, strict=True))
    except (GitError, ValueError):
        return False


def _contents(batch: bytes) -> list[bytes]:
    """What `cat-file --batch` answers, blob by blob. *Raises*: ValueError for an object that is not there."""
    found = []
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        _, kind, size = batch[at:end].split()
        if kind != b"blob":
            raise ValueError("no blob")
        at = end + 1 + int(size)
        found.append(batch[end + 1 : at])
        at += 1
    return found


class Anchors:
    """What the rules could speak of. *Shape*: as `auditor.anchors` writes it, a section of lines for each kind.

    What a token may be is worked out once for all files.
    """

    def __init__(self, sections: list[list[str]], known: bytes) -> None:
        (
            patterns,
            loaders,
            keys,
            files,
            places,
            meant,
            packages,
            prefixes,
            endings,
            programs,
            constants,
            words,
            written,
        ) = sections
        self._patterns: dict[str, list[str]] = {}
        for line in patterns:
            stem, _, pattern = line.partition(" ")
            self._patterns.setdefault(stem, []).append(pattern)
        self._beginnings = frozenset(stem[:_LONGEST_BEGINNING] for stem in self._patterns)
        self._loaders = frozenset(loaders)
        globs = (glob.split("*") for glob in sorted(self._loaders) if "*" in glob and glob.strip("*"))
        self._loader_like = re.compile("|".join(".*".join(map(re.escape, parts)) for parts in globs) or r"(?!)")
        self._keys = re.compile("|".join(map(re.escape, _shortest(keys))) or r"(?!)")
        self._files = files
        self._places = frozenset(places)
        self._meant = frozenset(meant)
        self._packages = frozenset(packages)
        self._prefixes = tuple(prefixes)
        self._endings = tuple(ending.encode() for ending in endings)
        self._programs = frozenset(programs)
        self._constants = frozenset(constants)
        self._constants_lower = frozenset(constant.lower() for constant in constants)
        self._names = frozenset(words)
        self._written = tuple(written)
        self._known = array("I", known)
        self._plain: set[str] = set()
        self._told: dict[str, int] = {}

    def weights(self, path: bytes) -> bool:
        """Whether a file of that name holds weights."""
        return path.lower().endswith(self._endings)

    def may_name(self, path: bytes, content: bytes) -> bool:
        """Whether a file can name a model."""
        if len(content) > _MOST:
            return True
        if b"\0" in content[:8192]:
            return False
        text = content.decode("utf-8", "replace")
        said = self._said(set(_TOKEN.findall(text.lower())))
        if said & _NAME or (said & _PROGRAM and said & _SLASH):
            return True
        if said & _CONSTANT and not self._constants.isdisjoint(_WORD.findall(text)):
            return True
        shaped = _SHAPE.search(text) is not None
        if not shaped and not said & _SHORT:
            return False
        if said & _KEYED:
            return True
        name = path.decode("utf-8", "replace").lower()
        if shaped and any(part in name for part in self._files):
            return True
        calls = set(_CALL.findall(text))
        return bool(said & _SHORT and not self._places.isdisjoint(calls)) or (shaped and self._loads(calls))

    def _said(self, tokens: set[str]) -> int:
        """All that the tokens of a file may be, or some of it where one is surely a name."""
        said = 0
        for token in tokens - self._plain:
            told = self._told.get(token)
            if told is None:
                told = self._tell(token)
                if len(self._plain) + len(self._told) > _MOST_PLAIN:
                    self._plain.clear()
                    self._told.clear()
                if told:
                    self._told[token] = told
                else:
                    self._plain.add(token)
            if told == _NAME:
                return told
            said |= told
        return said

    def _tell(self, token: str) -> int:
        told = self._named(token.rstrip(".:/-=+~"))
        if told == _NAME:
            return told
        if self._keys.search(token):
            told |= _KEYED
        if token in self._programs:
            told |= _PROGRAM
        if "/" in token and _SLASHED.fullmatch(token):
            told |= _SLASH
        if not self._constants_lower.isdisjoint(_WORD.findall(token)):
            told |= _CONSTANT
        return told

    def _loads(self, calls: set[str]) -> bool:
        return not self._loaders.isdisjoint(calls) or any(map(self._loader_like.fullmatch, calls))

    def _named(self, token: str) -> int:
        """Whether a token is a name, or one where something in the file takes names by a shorthand."""
        if token[:3] == "sha" and _HASH.match(token):
            return 0
        if token.startswith(self._prefixes) or "://" in token:
            return _NAME if any(prefix in token for prefix in self._prefixes) else 0
        if self._is_package(token):
            return _NAME
        parts = {part for part in _PART.split(token) if part}
        if "/" in token:
            inside = [part for part in _PART.split(token) if part]
            pairs = zip(inside, inside[1:], strict=False)  # noqa: RUF007 - itertools is not loaded yet
            if self._is_known(token) or any(self._is_known(f"{org}/{name}") for org, name in pairs):
                return _NAME
            parts.update(_SLASH_OR_SET.split(token))  # a tag may belong to the name, `name:7b`
        elif "=" in token:
            parts.update(token.split("="))
        else:
            parts.add(token)
        if token.endswith(self._written) or not self._names.isdisjoint(parts) or any(map(self._is_part, parts)):
            return _NAME
        return 0 if self._meant.isdisjoint(parts) else _SHORT

    def _is_package(self, token: str) -> bool:
        """A package's name, with a version or an extra behind it, or below the folder where npm puts it."""
        scope = token.rpartition("@")[0].rfind("@") if token.count("@") > 1 else token.find("@")
        if scope >= 0 and "/" in token[scope:] and token[scope] == "@":
            return "@" + _UNPACKED.split(token[scope + 1 :], maxsplit=1)[0] in self._packages
        return _UNPACKED.split(token.rpartition("node_modules/")[2], maxsplit=1)[0] in self._packages

    def _is_part(self, part: str) -> bool:
        """A name without what stands before it; where no number is in it, a bare name is a word unless a family takes it."""
        numbered = _DIGIT.search(part) is not None
        return (numbered and self._is_known(part)) or self._of_a_family(part, numbered=numbered)

    def _is_known(self, name: str) -> bool:
        number = crc32(name.encode())
        at = bisect_left(self._known, number)
        return at < len(self._known) and self._known[at] == number

    def _of_a_family(self, part: str, *, numbered: bool) -> bool:
        """Whether a family's pattern takes the part, or its beginning where a number shows that more may belong to it."""
        if part[:_LONGEST_BEGINNING] not in self._beginnings and part[: _LONGEST_BEGINNING - 1] not in self._beginnings:
            return False
        for end in range(min(len(part), LONGEST_STEM) + 1):
            for pattern in self._patterns.get(part[:end], ()):
                for form in {part, re.sub(r"(?<=\d)p(?=\d)", ".", part), part.partition(".")[0]}:
                    if re.fullmatch(pattern, form, re.ASCII) or (numbered and re.match(pattern, form, re.ASCII)):
                        return True
        return False


def _shortest(words: list[str]) -> list[str]:
    """Those of the words that hold no other of them."""
    return [word for word in words if not any(other != word and other in word for other in words)]
