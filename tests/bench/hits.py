"""How long it takes to tell which files could name a model: `python -m tests.bench.hits FOLDER`, seconds and processor seconds."""

from __future__ import annotations

import json
import sys
import time

from auditor.anchors import of
from auditor.collect import opened
from auditor.domain.source import Target
from auditor.rulebook.load import load

if __name__ == "__main__":
    anchors = of(load())
    with opened(Target(sys.argv[1])) as collection:
        began, worked = time.perf_counter(), time.process_time()
        for file in collection.files:
            anchors.may_name(file.path.encode(), file.load(file.size))
        print(json.dumps([time.perf_counter() - began, time.process_time() - worked]))
