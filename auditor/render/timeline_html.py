"""When each model came and went as one HTML page: no remote asset, no script, readable on paper and on a telephone.

Everything that a template puts in passes `visible` and is escaped; the style is allowed by its digest alone.
"""

from __future__ import annotations

from auditor.domain.history import History, Past
from auditor.domain.reference import Usage
from auditor.render import words
from auditor.render.pages import digest, templates
from auditor.render.regions import Stands, stands
from auditor.render.timeline import CUT, groups, headline, what_was_read
from auditor.render.timeline_picture import Scale

_STYLES = ("report.css", "timeline.css")
_MOST_NAMED = 4


def render(history: History) -> str:
    """The history as an HTML document, ending in a line break."""
    environment = templates()
    style = "".join(environment.get_template(name).render() for name in _STYLES)
    scale = Scale(history)
    grouped = groups(history)
    page = environment.get_template("timeline.html").render(
        history=history,
        jurisdiction=history.jurisdiction,
        content_policy=f"default-src 'none'; style-src {digest(style)}; base-uri 'none'; form-action 'none'",
        title=headline(history),
        what_was_read=what_was_read(history),
        cut=CUT if history.cut else "",
        groups=grouped,
        still={(kind, usage): _still(pasts, usage) for _, kind, pasts in grouped for usage in Usage},
        scale=scale,
        running=scale.running(history.pasts, history),
        several=len({one.product for past in history.pasts for one in past.stretches}) > 1,
        most_named=_MOST_NAMED,
        stands=stands,
        words=words,
        Usage=Usage,
        Stands=Stands,
    )
    return page.rstrip("\n") + "\n"


def _still(pasts: tuple[Past, ...], usage: Usage) -> list[Past]:
    """Those in that use at the last commit."""
    return [past for past in pasts if past.stretches[-1].until is None and past.stretches[-1].usage is usage]
