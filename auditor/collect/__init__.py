"""Target -> the files worth reading, the products they belong to, and what could not be read."""

from auditor.collect.commits import Line, contents, line
from auditor.collect.identity import identity
from auditor.collect.products import part_of
from auditor.collect.select import holds_weights
from auditor.collect.target import opened

__all__ = ["Line", "contents", "holds_weights", "identity", "line", "opened", "part_of"]
