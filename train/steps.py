"""Steps that leave their result in a work folder and are skipped when it is there."""

from __future__ import annotations

import pickle
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def cached(work: Path, name: str, make: Callable[[], T]) -> T:
    """Return a step's stored result, or make and store it, and say what it took."""
    file = work / f"{name}.pickle"
    if file.is_file():
        stored: T = pickle.loads(file.read_bytes())
        return stored
    started = time.monotonic()
    made = make()
    beside = file.with_suffix(".part")
    beside.write_bytes(pickle.dumps(made, protocol=5))
    beside.replace(file)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{name}: {time.monotonic() - started:.0f} s, {memory:.1f} GiB at most", flush=True)
    return made
