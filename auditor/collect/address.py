"""Git URLs: which may be fetched, and how they are shown without the secrets in them."""

from __future__ import annotations

import os
import re

from auditor.errors import TargetError

_ALLOWED = ("https", "ssh", "file")
_HINT = "give an https:// or ssh:// address, or a path"


def is_url(location: str) -> bool:
    """Whether a target is an address to fetch from, not a path. A path that exists is a path."""
    if os.path.lexists(location):
        return False
    return bool(_SCHEME.match(location) or "::" in location.split("/", 1)[0] or _SCP.match(location))


def protocol_of(url: str) -> str:
    """The one protocol that git may use for a URL that the user typed. *Raises*: TargetError for any other."""
    if url.startswith("-") or any(ord(c) < 0x20 or ord(c) == 0x7F for c in url):
        raise TargetError(f"not an address: {shown(url)!r}", hint=_HINT)
    if "::" in url.split("/", 1)[0]:  # ext::sh -c ..., and every other helper that git would run
        raise TargetError(f"refused: {shown(url)!r} names a helper program", hint=_HINT)
    scheme = match[1].lower() if (match := _SCHEME.match(url)) else "ssh"
    if scheme not in _ALLOWED:
        raise TargetError(f"refused: {scheme}:// is not read", hint=_HINT)
    if scheme == "ssh" and _host(url).startswith("-"):  # would be read as an option of ssh
        raise TargetError(f"not an address: {shown(url)!r}", hint=_HINT)
    return scheme


def shown(url: str) -> str:
    """The URL without user, password, query and fragment: safe to print."""
    match = _SCHEME.match(url)
    if not match:
        return re.sub(r"^[^/@:]*(?::[^/@]*)?@", "", url)
    head, rest = url[: match.end()], url[match.end() :]
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    host, slash, path = rest.partition("/")
    return head + host.rpartition("@")[2] + slash + path


def public(url: str) -> str | None:
    """The address of a remote as a report may show it; None for a path on this machine."""
    if _SCHEME.match(url):
        return None if url.lower().startswith("file:") else shown(url)
    return shown(url) if _SCP.match(url) and "::" not in url else None


def last_part(url: str) -> str:
    """What a repository is called by its address or path: the last part, without `.git`."""
    bare = re.split(r"[?#]", url, maxsplit=1)[0] if _SCHEME.match(url) else url
    parts = re.split(r"[/:\\]", bare.rstrip("/"))
    if parts[-1] == ".git":
        parts.pop()
    return parts[-1].removesuffix(".git") if parts else ""


def _host(url: str) -> str:
    rest = _SCHEME.sub("", url)
    return re.split(r"[/:]", rest.rpartition("@")[2] if "@" in rest.split("/", 1)[0] else rest)[0]


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCP = re.compile(
    r"(?:[\w.-]+@)?[\w.-]*\w[\w.-]+:(?!//|\\)[^\s]+$"
)  # git@host:path; one letter before the colon is a drive
