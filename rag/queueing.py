"""One answer at a time, in the order the questions came, and everyone told how many are ahead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class Line:
    """A queue of waiting questions; the first one is being answered."""

    def __init__(self) -> None:
        self._tickets: list[object] = []
        self._changed = Condition()

    @contextmanager
    def ticket(self) -> Iterator[object]:
        """Stand in line until the block ends."""
        mine = object()
        with self._changed:
            self._tickets.append(mine)
        try:
            yield mine
        finally:
            with self._changed:
                self._tickets.remove(mine)
                self._changed.notify_all()

    def ahead(self, mine: object, wait_seconds: float) -> int:
        """Return how many are ahead, after waiting at most so long for the number to become 0."""
        with self._changed:
            self._changed.wait_for(lambda: self._tickets[0] is mine, timeout=wait_seconds)
            return self._tickets.index(mine)
