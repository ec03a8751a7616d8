"""What was read before is kept, and whatever becomes of it, the worst that happens is that files are read again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auditor import kept
from auditor.kept import store as room

ROOT = Path(__file__).parent.parent.parent
KEY, OTHER = b"k" * 20, b"o" * 20


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", os.fspath(tmp_path))
    return tmp_path / "auditor" / "facts"


def keep(entries: dict[bytes, bytes], basis: str = "b") -> None:
    with kept.opened(basis) as store:
        assert store is not None
        store.keep(entries)


def found(basis: str = "b") -> dict[bytes, bytes]:
    with kept.opened(basis) as store:
        return store.found([KEY, OTHER]) if store else {}


def database(home: Path) -> Path:
    (path,) = home.glob("*.sqlite")
    return path


def test_what_was_kept_is_found_on_the_same_basis_alone(home: Path) -> None:
    keep({KEY: b"facts"})
    assert found() == {KEY: b"facts"}
    assert found("another") == {}


def test_only_its_user_can_read_or_write_it(home: Path) -> None:
    keep({KEY: b"facts"})
    assert home.stat().st_mode & 0o077 == 0
    assert database(home).stat().st_mode & 0o077 == 0


def test_a_folder_that_others_can_write_is_not_used(home: Path) -> None:
    home.mkdir(parents=True)
    home.chmod(0o777)
    with kept.opened("b") as store:
        assert store is None


def test_a_link_in_its_place_is_not_followed(home: Path, tmp_path: Path) -> None:
    home.mkdir(mode=0o700, parents=True)
    (home / "b.sqlite").symlink_to(tmp_path / "elsewhere")
    with kept.opened("b") as store:
        assert store is None
    assert not (tmp_path / "elsewhere").exists()


def test_a_damaged_entry_is_as_good_as_none(home: Path) -> None:
    keep({KEY: b"facts", OTHER: b"others"})
    with sqlite3.connect(database(home)) as inside:
        inside.execute("UPDATE facts SET body = ? WHERE key = ?", (b"fcats", KEY))
    assert found() == {OTHER: b"others"}


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 100])
def test_a_damaged_file_is_replaced(home: Path, damage: bytes) -> None:
    keep({KEY: b"facts"})
    database(home).write_bytes(damage)
    assert found() == {}
    keep({KEY: b"again"})
    keep({KEY: b"again"})
    assert found() == {KEY: b"again"}


def test_a_file_that_was_cut_short_never_answers_wrongly(home: Path) -> None:
    bodies = {bytes([n]) * 20: bytes([n]) * 3000 for n in range(64)}
    keep(bodies)
    path = database(home)
    whole = path.read_bytes()
    for size in range(0, len(whole), 4096):
        path.write_bytes(whole[:size])
        with kept.opened("b") as store:
            assert store is not None
            assert store.found(list(bodies)).items() <= bodies.items()


def test_it_stays_within_its_bounds(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 1 << 20)
    for n in range(40):
        keep({bytes([n, m]) * 10: os.urandom(10_000) for m in range(10)})
    assert database(home).stat().st_size < 2 << 20
    for n in range(6):
        keep({KEY: b"facts"}, f"basis{n}")
    assert len(list(home.glob("*.sqlite"))) == room.KEPT


def test_two_that_write_at_once_leave_both(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: keep({bytes([n]) * 20: bytes([n])}), range(40)))
    with kept.opened("b") as store:
        assert store is not None
        assert len(store.found([bytes([n]) * 20 for n in range(40)])) == 40


def test_whoever_is_killed_while_writing_leaves_it_whole(home: Path) -> None:
    script = (
        "import os; from auditor import kept\n"
        "with kept.opened('b') as store:\n"
        "    for n in range(10**6): store.keep({b'k' * 20: bytes([n % 251]) * 100_000}); print(n, flush=True)"
    )
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(20):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
        (body,) = found().values()
        assert len(set(body)) == 1
        assert len(body) == 100_000


def test_a_scan_says_the_same_with_a_cache_that_is_cold_warm_damaged_or_none(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": os.fspath(tmp_path), "PYTHONPATH": os.fspath(ROOT)}

    def scan(*options: str) -> object:
        argv = ["scan", "examples/rag-service", "--quiet", "--format", "json", *options]
        run = subprocess.run(
            [sys.executable, "-m", "auditor", *argv], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        assert run.stderr == b""
        return json.loads(run.stdout)

    without = scan("--no-cache")
    assert not (tmp_path / "auditor" / "facts").exists()
    assert scan() == without
    kept_in = database(tmp_path / "auditor" / "facts")
    before = kept_in.stat().st_mtime_ns
    assert scan() == without
    assert kept_in.stat().st_mtime_ns == before  # nothing was read again
    with sqlite3.connect(kept_in) as inside:
        inside.execute("UPDATE facts SET body = zeroblob(10)")
    assert scan() == without
    kept_in.write_bytes(b"-" * 5000)
    assert scan() == without
