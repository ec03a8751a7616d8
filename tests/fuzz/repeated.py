"""Texts that repeat one piece of syntax, each read at two lengths: `python -m tests.fuzz.repeated go rs php`.

Prints what takes more than three times as long at twice the length, what takes longer than a few seconds, and what was
ended. *Units*: processor seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from auditor.audit import knowledge
from auditor.config import Options
from auditor.detect.match import Matcher
from auditor.detect.names import Names
from auditor.detect.scan import scan
from auditor.domain.source import Gap, Scope, SourceFile
from auditor.resolve.known import Known
from auditor.workers import isolated_map

_BYTES = 100_000  # and twice that
_PATIENCE = 60.0  # seconds for both lengths
_SLOW = 2.5  # seconds at twice the length
_SHORT = 1.2  # seconds, below which a ratio tells nothing
_BEFORE = {"php": "<?php "}
_PIECES = (
    *"( { [ < ! & * - + ~ @ # $ \" ' ` \\ ? : ; , . = > | \t 1 é".split(" "),
    *"a( a{ a[ a< f(a, a. a-> a:: \"${ ''' \"\"\" // /* /** << => -> || ?> 1. 0x 1e .. ... ?. == <= >> a! a? a?. a!( a!{".split(),
    *"a<b>( a<b, (a) {a} [a] [a: a:b $a-> $a[ array( sizeof( $\" $\"{ r#\" R\"( @\" %w( %q{ \"\\( \"#{ #[ @a( (*".split(),
    "# ", "<<<E\n", "<<~E\n", "if (a) ", "if a {", "else ", "for (", "while (", "switch (", "case 1:", "match a {", "try {",
    "catch (", "fn a(", "func a(", "fun a(", "def a(", "class A ", "class A<", "struct A {", "interface A {", "enum A {", "a = ",
    "a ? ", "a ?: ", "a ?? ", "a || ", "x: ", "return ", "new A(", "new A{", "async ", "await ", "throw ", "import a\n", "import (",
    "using ", "namespace a {", "template<", "#if a\n", "#define A\n", "@A\n", "let a = ", "var a = ", "val a = ", "const a = ",
    "a, ", "a;", "a\n", "\\\n", "do |a| ", "begin ", "end ", "|a| ", "where T: ", "impl A for ", "mod a {", "unsafe {",
    "macro_rules! a {", "<?php ", "<?= ", "fn() => ", "  ", " ", "a\0", "\U0001f600", "(a) ->", "(a) =>", "a b", "int a", "int a(",
    "int (*a)(", "A* a", "A<A<", "typename ", "operator ", "case let ", "guard let a = ", "a as ", "a is ",
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One piece of syntax over and over, in a file of that ending."""

    ending: str
    piece: str

    @property
    def path(self) -> str:
        return f"{self.ending}: {self.piece!r}"


def seconds(text: Text) -> list[float]:
    """What reading the text takes at each length."""
    spent = []
    for size in (_BYTES, 2 * _BYTES):
        times = size // len(text.piece.encode()) + 1
        content = (_BEFORE.get(text.ending, "") + text.piece * times).encode()
        began = time.process_time()
        scan(SourceFile(f"x.{text.ending}", len(content), Scope.RUNTIME, partial(_first, content)), _matcher())
        spent.append(time.process_time() - began)
    return spent


def remarkable(ending: str) -> Iterator[str]:
    """The texts of a syntax that are worth a look."""
    texts = [Text(ending, piece) for piece in dict.fromkeys(_PIECES)]
    for text, spent in zip(texts, isolated_map(seconds, texts, jobs=1, seconds=_PATIENCE), strict=True):
        if isinstance(spent, Gap):
            yield f"{text.path} {spent.message}"
        elif spent[1] > _SLOW or (spent[1] > _SHORT and spent[1] > 3 * spent[0]):
            yield f"{text.path} {spent[0]:.2f} {spent[1]:.2f}"
    yield f"{ending}: {len(texts)} texts of {_BYTES} and {2 * _BYTES} bytes"


def _first(content: bytes, most: int) -> bytes:
    return content[:most]


@lru_cache(maxsize=1)
def _matcher() -> Matcher:
    context = knowledge(Options())
    rulebook, snapshot = context.__enter__()  # open as long as the process
    return Matcher(rulebook, Names(rulebook, Known(snapshot)))


if __name__ == "__main__":
    from tests.fuzz.repeated import remarkable as found  # by the name that another process knows it by

    for asked in sys.argv[1:]:
        for line in found(asked):
            print(line, flush=True)
