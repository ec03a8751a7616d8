"""The formats a report can be written in: one module each, imported when it is needed.

Adding a format is a module with `render(report) -> str` and a row here. The terminal is a format too, but it alone needs
a width and colours, so the command line calls it itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name on the command line, the file names that mean it, and where it is written."""

    name: str
    suffixes: tuple[str, ...]
    module: str


TERMINAL = "terminal"
FORMATS: tuple[Format, ...] = (
    Format("json", (".json",), "auditor.render.json"),
    Format("html", (".html",), "auditor.render.html"),
    Format("markdown", (".md",), "auditor.render.markdown"),
    Format("csv", (".csv",), "auditor.render.csv"),
    Format("cyclonedx", (".cdx.json",), "auditor.render.cyclonedx"),
    Format("cyclonedx-1.7", (".cdx-1.7.json",), "auditor.render.cyclonedx17"),
    Format("spdx", (".spdx.json",), "auditor.render.spdx"),
    Format("sarif", (".sarif",), "auditor.render.sarif"),
)


def by_file_name(name: str) -> Format | None:
    """The format that a file name means, by its longest known ending; None when it means none."""
    matching = [(len(s), f) for f in FORMATS for s in f.suffixes if name.lower().endswith(s)]
    return max(matching, key=lambda pair: pair[0])[1] if matching else None
