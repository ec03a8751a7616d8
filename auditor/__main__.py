"""`python -m auditor`, and the `auditor` command."""

from __future__ import annotations

import sys

_HOOK = (["scan", "--staged"], ["scan", "--staged", "--quiet"])


def main() -> None:
    """Runs the command line; a hook on a commit that can name no model is answered before that is loaded."""
    if sys.argv[1:] in _HOOK:
        from auditor.glance import nothing_staged

        if nothing_staged("."):
            print("allowed: this change adds no model")
            return
    from auditor.cli.main import main as run

    run(prog_name="auditor")


if __name__ == "__main__":
    main()
