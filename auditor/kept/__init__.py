"""What files said when they were read before, kept between runs in the user's own cache. It never changes a result."""

from auditor.kept.basis import basis
from auditor.kept.codec import packed, unpacked
from auditor.kept.store import Store, key_of, opened

__all__ = ["Store", "basis", "key_of", "opened", "packed", "unpacked"]
