"""One of so many places: whoever holds it may send."""

import asyncio


class Place:
    """The right to send something, once: give it back."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def give_back(self) -> None:
        if self._places:
            self._places.release()
            self._places = None
