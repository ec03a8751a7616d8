"""Work on many items in processes, so that one that crashes or hangs does not take the audit along."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields, is_dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from auditor.domain.source import Gap


class Located(Protocol):
    """An item that a Gap can be about."""

    @property
    def path(self) -> str: ...


_Item = TypeVar("_Item", bound=Located)
_Result = TypeVar("_Result")
_MOST = 4  # processes, where nobody says how many
_SHARE = 16  # items that a process is given at once
_START = 60.0  # seconds within which a process must have begun


def isolated_map(
    function: Callable[[_Item], _Result], items: Sequence[_Item], *, jobs: int, seconds: float
) -> Iterator[_Result | Gap]:
    """What `function` gives for each item, in their order; a Gap for an item that it crashed, hung or raised on.

    `function`, items and results must pickle. *Units*: `jobs` processes, 0 for as many as help; `seconds` for one item.
    """
    count = min(jobs or min(os.cpu_count() or 1, _MOST), len(items))
    waiting = deque(enumerate(items))
    workers = [_Worker[_Item, _Result](function, seconds) for _ in range(count)]
    done: dict[int, _Result | Gap] = {}
    try:
        for following in range(len(items)):
            while following not in done:
                for worker in workers:
                    if not worker.tasks and waiting:
                        share = max(1, min(_SHARE, len(waiting) // (4 * count)))  # so that all end at about one time
                        worker.give([waiting.popleft() for _ in range(share)])
                wait([w.pipe for w in workers if w.pipe and w.tasks], min(w.left() for w in workers if w.tasks))
                for worker in workers:
                    done.update(worker.answers())
            yield done.pop(following)
    finally:
        for worker in workers:
            worker.stop()


_OURS: WeakSet[Connection] = WeakSet()  # this process's ends of all pipes


def start_is_cheap() -> bool:
    """Whether a process can begin as a copy of this one, with all that it knows.

    Of other threads a copy would take the locks along and not the threads; systems other than Linux do not vouch for it.
    """
    return sys.platform == "linux" and threading.active_count() == 1


@dataclass(slots=True)
class _Worker(Generic[_Item, _Result]):
    """A process and the items that it was given, the one under way first. A lost process is replaced."""

    function: Callable[[_Item], _Result]
    seconds: float
    tasks: deque[tuple[int, _Item]] = field(default_factory=deque)
    pipe: Connection | None = None
    _process: BaseProcess | None = None
    _begun: bool = False
    _since: float = 0.0

    def give(self, tasks: list[tuple[int, _Item]]) -> None:
        self.tasks.extend(tasks)
        if self.pipe is None:
            self._start()
        self._send()

    def left(self) -> float:
        """Seconds until the item under way has taken too long."""
        limit = self.seconds if self._begun else _START
        return max(0.0, self._since + limit - time.monotonic())

    def answers(self) -> dict[int, _Result | Gap]:
        """What has come in, by number; for the item that the process was lost on, a Gap."""
        found: dict[int, _Result | Gap] = {}
        try:
            while self.pipe is not None and self.tasks and self.pipe.poll():
                answer = pickle.loads(self.pipe.recv_bytes())
                self._since = time.monotonic()
                if not self._begun:
                    self._begun = True
                    continue
                number, item = self.tasks.popleft()
                found[number] = _gap(item, "failed", answer.message) if isinstance(answer, _Failure) else answer
        except (EOFError, OSError):
            found.update(self._lost("crashed", "the process that worked on it ended"))
        if self.tasks and self.pipe is not None and not self.left():
            found.update(self._lost("timeout", f"took longer than {self.seconds:g} seconds"))
        return found

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self.pipe is not None:
            self.pipe.close()
        self._process = self.pipe = None

    def _start(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        make = (
            multiprocessing.get_context("fork").Process
            if start_is_cheap()
            else multiprocessing.get_context("spawn").Process
        )
        _OURS.add(self.pipe)
        self._process = make(target=_serve, args=(theirs, self.function), daemon=True)
        self._begun = False
        with _without_main():
            self._process.start()
        theirs.close()

    def _send(self) -> None:
        assert self.pipe is not None
        self._since = time.monotonic()
        with suppress(OSError):  # where it has ended, the next look finds the end of the pipe
            self.pipe.send([item for _, item in self.tasks])

    def _lost(self, code: str, message: str) -> dict[int, _Result | Gap]:
        began = self._begun
        self.stop()
        if not began:  # no item's fault, and a fresh process would end alike
            here = {number: _here(self.function, item) for number, item in self.tasks}
            self.tasks.clear()
            return here
        number, item = self.tasks.popleft()
        if self.tasks:
            self._start()
            self._send()
        return {number: _gap(item, code, message)}


@dataclass(frozen=True, slots=True)
class _Failure:
    """The function raised."""

    message: str


def _serve(pipe: Connection, function: Callable[[Any], Any]) -> None:
    """The life of a process: items in, results out, one by one, until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends us
    for end in tuple(
        _OURS
    ):  # a copy has them too, and who holds both ends of a pipe never hears that the other is gone
        end.close()
    with suppress(EOFError, ConnectionError):
        pipe.send_bytes(pickle.dumps(None))
        while True:
            for item in pipe.recv():
                try:
                    answer = _dumps(function(item))
                except Exception as error:
                    answer = _dumps(_Failure(_told(error)))
                pipe.send_bytes(answer)


def _here(function: Callable[[_Item], _Result], item: _Item) -> _Result | Gap:
    """In this process, where there can be no other: what crashes it is not caught then."""
    try:
        return function(item)
    except Exception as error:
        return _gap(item, "failed", _told(error))


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def _dumps(value: object) -> bytes:
    target = io.BytesIO()
    _Pickler(target, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return target.getvalue()


class _Pickler(pickle.Pickler):
    """Writes our values as calls of their classes, which is read back in half the time of their state."""

    def reducer_override(self, value: object) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, f.name) for f in fields(value))
        return NotImplemented


@contextmanager
def _without_main() -> Iterator[None]:
    """Hides the main module: a new process would run the caller's script again, and our functions stand elsewhere."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _gap(item: Located, code: str, message: str) -> Gap:
    return Gap("detect", item.path, code, message)
