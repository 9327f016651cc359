"""A clock that goes on when a test says so."""


class Clock:
    def __init__(self, now=1e9):
        self.now = now

    def __call__(self):
        return self.now
