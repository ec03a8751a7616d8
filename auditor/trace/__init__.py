"""What the repository does with a name: from sightings to occurrences, each with a role and its reason."""

from auditor.trace.occurrences import occurrences
from auditor.trace.stacks import stacks

__all__ = ["occurrences", "stacks"]
