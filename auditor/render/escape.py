"""Text of the audited repository, made harmless for whatever shows it.

A file name or a string in hostile code may carry terminal escapes, right-to-left overrides or line breaks that make a
report say something else. Every renderer passes such text through here before its own format's quoting.
"""

from __future__ import annotations


def visible(text: str) -> str:
    """The text on one line with every character that cannot be seen written as a backslash escape. Idempotent.

    *Shape*: printable in the sense of Unicode: no controls, bidirectional or zero-width formatting, surrogates, private
    or unassigned code points, and no blank but the space.
    """
    return text if text.isprintable() else "".join(_shown(character) for character in text)


def visible_lines(text: str) -> str:
    """As `visible`, but keeps line breaks: for our own messages that quote foreign text."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
