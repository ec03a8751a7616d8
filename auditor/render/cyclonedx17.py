"""The same bill of materials in CycloneDX 1.7, which can say that weights are not part of what is delivered."""

from __future__ import annotations

from functools import partial

from auditor.render import cyclonedx

render = partial(cyclonedx.render, version="1.7")
