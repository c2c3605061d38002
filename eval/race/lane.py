"""Run one entrant in its own virtual environment; needs nothing but the standard library.

    python lane.py ENTRANT build JOB.json    index, then ask every question; prints JSON
    python lane.py ENTRANT start JOB.json    open what was indexed, ask one question

``JOB.json`` holds ``{"encoder", "k", "corpora": {NAME: {"folder", "home", "questions": […]}}}``.
"""

import importlib.util
import json
import resource
import sys
import time
from pathlib import Path


def main(entrant, action, job_file):
    """Measure and print one JSON object as the last line."""
    began = time.perf_counter()
    path = Path(__file__).parent / "lanes" / f"{entrant}.py"
    spec = importlib.util.spec_from_file_location("entrant", path)
    lane = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lane)
    imported = time.perf_counter() - began
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    measured = {
        name: (built if action == "build" else started)(lane, job, corpus)
        for name, corpus in job["corpora"].items()
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"import_seconds": imported, "peak_mib": peak, "corpora": measured}))


def built(lane, job, corpus):
    """Index one folder and ask all its questions, the first one twice."""
    began = time.perf_counter()
    made = lane.build(corpus["folder"], corpus["home"], job["encoder"])
    seconds, found, times = time.perf_counter() - began, [], []
    lane.search(made, corpus["questions"][0], job["k"])
    for question in corpus["questions"]:
        began = time.perf_counter()
        found.append([str(name) for name in lane.search(made, question, job["k"])])
        times.append(time.perf_counter() - began)
    return {"index_seconds": seconds, "search_seconds": times, "found": found}


def started(lane, job, corpus):
    """Open an index made before and ask one question."""
    made = lane.reopen(corpus["home"], job["encoder"])
    found = lane.search(made, corpus["questions"][0], job["k"])
    return {"found": [[str(name) for name in found]]}


if __name__ == "__main__":
    main(*sys.argv[1:])
