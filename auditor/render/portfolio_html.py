"""A portfolio as one HTML page for a meeting: no remote asset, no script, readable on paper and on a telephone.

Everything that a template puts in passes `visible` and is escaped; the style is allowed by its digest alone.
"""

from __future__ import annotations

from jinja2.filters import do_urlencode

from auditor.domain.claim import Conclusion, Op
from auditor.domain.portfolio import Audited, Portfolio
from auditor.domain.report import ProductVerdict
from auditor.render import portfolio_picture as picture
from auditor.render import portfolio_words as words
from auditor.render.pages import digest, templates
from auditor.render.regions import Stands, regions

_STYLES = ("report.css", "portfolio.css")
_TONE = {Conclusion.SUPPORTED: "clean", Conclusion.REFUTED: "asked", Conclusion.UNDECIDED: "unknown"}


def render(portfolio: Portfolio, *, reports: str = "") -> str:
    """The portfolio as an HTML document. `reports` is where its products' own reports lie, "" when they are not linked."""
    environment = templates()
    style = "".join(environment.get_template(name).render() for name in _STYLES)
    sample = portfolio.sample
    among = regions(sample.jurisdiction, sample.regions)
    page = environment.get_template("portfolio.html").render(
        portfolio=portfolio,
        sample=sample,
        content_policy=f"default-src 'none'; style-src {digest(style)}; base-uri 'none'; form-action 'none'",
        words=words,
        counts=words.verdict_counts(sample.products),
        verdicts=ProductVerdict,
        within=Op.WITHIN,
        products=words.by_verdict(sample.products),
        failed=[product for product in sample.products if product.error],
        flow=picture.flow(sample, among),
        by_country=picture.by_country(sample, among),
        by_modality=picture.by_modality(sample),
        bar=picture.bar,
        trends=_trends(portfolio),
        tone=_TONE.get,
        stands=_stands,
        link=lambda product: _link(product, reports),
        deciding=lambda product: words.deciding(product, sample.jurisdiction.counted),
        is_address=lambda url: url.startswith("https://"),
    )
    return page.rstrip("\n") + "\n"


def _trends(portfolio: Portfolio) -> list[picture.Trend]:
    names = [name for name, _ in portfolio.timeline[0].shares] if portfolio.timeline else []
    return [one for name in names if (one := picture.trend(portfolio.timeline, name)) is not None]


def _stands(product: Audited) -> str:
    """The colour of a verdict; a no is clean only where everything could be examined."""
    if product.verdict is ProductVerdict.YES:
        return Stands.ASKED
    if product.verdict is not ProductVerdict.NO:
        return Stands.UNKNOWN
    return Stands.ELSEWHERE if product.gaps else "clean"


def _link(product: Audited, reports: str) -> str:
    if not reports or not product.key:
        return ""
    return f"{reports if '://' in reports else do_urlencode(reports)}/{product.key}.html"
