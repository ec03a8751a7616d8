"""Target -> the files worth reading, the products they belong to, and what could not be read."""

from auditor.collect.identity import identity
from auditor.collect.products import part_of
from auditor.collect.target import opened

__all__ = ["identity", "opened", "part_of"]
