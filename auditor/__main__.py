"""`python -m auditor`, and the `auditor` command."""

from __future__ import annotations

from auditor.cli.main import main

if __name__ == "__main__":
    main(prog_name="auditor")
