"""What a hostile case is: a repository that means harm, how it is audited, and what must be said of it.

Every repository holds `app.py`, which runs Qwen/Qwen3-8B: whatever else lies beside it, that is found. Beside every
repository lies `outside/secret.py`, which names deepseek-ai/DeepSeek-R1, and `evil`, a program that leaves a trace: neither
may ever show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

APP = 'from transformers import pipeline\n\nchat = pipeline("text-generation", model="Qwen/Qwen3-8B")\n'
SECRET = 'from transformers import pipeline\n\npipeline("text-generation", model="deepseek-ai/DeepSeek-R1")\n'
FOUND = "Qwen/Qwen3-8B"
HIDDEN = "deepseek-ai/DeepSeek-R1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is built. `top` holds everything, `repo` is what is audited; `whole` asks for its full size.

    Every test run makes the larger cases smaller; the table is of the full ones.
    """

    top: Path
    whole: bool = False

    @property
    def repo(self) -> Path:
        return self.top / "repo"

    @property
    def outside(self) -> Path:
        return self.top / "outside"

    @property
    def evil(self) -> Path:
        """A program that leaves a trace when it is run."""
        return self.top / "evil"

    @property
    def trace(self) -> Path:
        return self.top / "ran"

    def prepared(self) -> Place:
        self.repo.mkdir(parents=True)
        self.outside.mkdir()
        (self.repo / "app.py").write_text(APP)
        (self.outside / "secret.py").write_text(SECRET)
        self.evil.write_text(f"#!/bin/sh\necho ran >>'{self.trace}'\ncat\n")
        self.evil.chmod(0o755)
        return self

    def write(self, path: str, content: str | bytes) -> None:
        full = self.repo / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass(frozen=True, slots=True)
class Case:
    """`build` makes the repository; `arguments` follow `auditor scan`, `{}` stands for the place.

    `gaps` are those that must be told, code by path; `refused` is what the error says where nothing may be audited at all;
    `also` are models that are found besides.
    """

    group: str
    name: str
    build: Callable[[Place], object]
    gaps: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ("{}/repo",)
    refused: str = ""
    also: tuple[str, ...] = ()
