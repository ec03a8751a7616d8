"""Text of the repository as part of a URI: every byte that has a meaning there, or none anywhere, is percent-encoded."""

from __future__ import annotations

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_RESERVED = frozenset(b":?#[]@!$&'()*+,;=%")


def encoded(text: str) -> str:
    """A path or a name as a path of a URI (RFC 3986, section 3.3). No two texts give the same; slashes stay."""
    return _percent(text, _PLAIN)


def address(text: str) -> str | None:
    """An address as a URI, what cannot stand in one encoded; None for what has no scheme, such as `git@host:path`."""
    scheme, separator, _ = text.partition("://")
    if not separator or not scheme.isascii() or not scheme[:1].isalpha() or not scheme.isalnum():
        return None
    return _percent(text, _PLAIN | _RESERVED)


def _percent(text: str, plain: frozenset[int]) -> str:
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in _bytes(text))


def _bytes(text: str) -> bytes:
    """The bytes that a file name had on disk; a lone surrogate from elsewhere keeps its own."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
