"""Whatever fails on the machine, the result is right or says what is missing, and no file is half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.cases import CASES, NotHere, made


@pytest.mark.parametrize("fault", CASES)
def test_the_result_is_right_or_says_what_is_missing(fault: str, tmp_path: Path) -> None:
    try:
        assert CASES[fault](made(tmp_path))
    except NotHere as reason:
        pytest.skip(str(reason))
