"""Where the keys and words of a structured file stand: one forward scan beside the parser that knows what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]')
_COLON = re.compile(r"\s*:")
# An opening without an end takes all that follows, as the languages have it; to look for each one's end would not end.
_LOOSE = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])', re.DOTALL)
_XML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_C_COMMENT = re.compile(
    r"""("(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)""",
    re.DOTALL,
)


def json_keys(text: str, depth: int) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The keys of a JSON text that lie at most `depth` levels deep (1 is the top), in file order.

    *Shape*: (path of keys, start, end); offsets exclude the quotes, escapes are left as written. Elements of a list
    stand under the key "[]".
    """
    path: list[str] = []
    lists: list[bool] = []
    key = ""
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        match text[start]:
            case '"':
                if len(path) <= depth and _COLON.match(text, end):
                    key = text[start + 1 : end - 1]
                    yield (*path[1:], key), start + 1, end - 1
            case "{" | "[" as opening:
                path.append(key)
                lists.append(opening == "[")
                key = "[]" if opening == "[" else ""
            case _:
                if path:
                    path.pop()
                    lists.pop()
                key = "[]" if lists and lists[-1] else ""


def strict_json(text: str) -> str:
    """JSON that allows comments and trailing commas, made strict; every offset stays what it was."""
    return _LOOSE.sub(lambda m: m[0] if m[1] else _blank(m[0]), text)


def without_xml_comments(text: str) -> str:
    """The text with comments blanked out; every offset stays what it was."""
    return _XML_COMMENT.sub(lambda m: _blank(m[0]), text)


def without_c_comments(text: str) -> str:
    """The text with `//` and `/* */` comments blanked out; every offset stays what it was."""
    return _C_COMMENT.sub(lambda m: m[0] if m[1] else _blank(m[0]), text)


def find_quoted(text: str, word: str, start: int) -> tuple[int, int] | None:
    """The next string literal that begins with a word, as the span of the word; None when there is none."""
    return _find(re.compile(rf"[\"']\s*({re.escape(word)})(?![A-Za-z0-9._-])"), text, start)


def find_key(text: str, word: str, start: int) -> tuple[int, int] | None:
    """The next TOML key or header part of that name; None when there is none."""
    quoted = re.escape(word)
    return _find(re.compile(rf"(?:^[ \t]*|[{{,.]\s*)[\"']?({quoted})[\"']?(?=\s*[=\].])", re.MULTILINE), text, start)


def _find(pattern: re.Pattern[str], text: str, start: int) -> tuple[int, int] | None:
    for found in pattern.finditer(text, start):
        begin = text.rfind("\n", 0, found.start(1)) + 1
        if not text[begin : found.start(1)].lstrip().startswith("#"):
            return found.span(1)
    return None


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
