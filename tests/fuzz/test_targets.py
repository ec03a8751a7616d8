"""Everything that reads what others wrote refuses what it cannot read, and never fails otherwise: a little of it on every run.

`make fuzz` does the same for as long as one likes. What it once found lies in `seeds` and is read again here.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import SEEDS, WORDS, beginnings
from tests.fuzz.starts import start
from tests.fuzz.targets import FILES, TARGETS

_WORDS = st.sampled_from([word.encode() for word in WORDS])
FOUND = sorted(path.relative_to(SEEDS).as_posix() for path in SEEDS.glob("*/*"))


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file that was well-formed, cut in places, with words of the syntaxes put in between."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(whole)))
        end = draw(st.integers(start, min(len(whole), start + 20)))
        whole = whole[:start] + b"".join(draw(st.lists(_WORDS, max_size=3))) + whole[end:]
    return whole


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
@settings(max_examples=6, deadline=timedelta(seconds=5), suppress_health_check=list(HealthCheck))
def test_a_damaged_file_is_refused_or_read(name: str, data: st.DataObject) -> None:
    whole = start(name) or next(beginnings(name), b"")
    TARGETS[name](data.draw(damaged(whole[:2000])))


@pytest.mark.parametrize("seed", FOUND)
def test_what_once_failed_is_refused_or_read(seed: str) -> None:
    TARGETS[Path(seed).parent.name]((SEEDS / seed).read_bytes())


def test_every_syntax_is_begun_with_a_file_that_it_reads() -> None:
    assert {name for name in FILES if not any(beginnings(name))} == set()
