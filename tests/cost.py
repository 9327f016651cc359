"""What work costs, so that a test can say that it does not explode: a busy machine must not make it fail."""

import time


def cpu_seconds(work, *given):
    """Of this thread alone; the best of three, as the first may meet a cold cache.

    Bounds are several times what the work takes: they tell a square from a line, and nothing about speed.
    """
    return min(_once(work, given) for _ in range(3))


def _once(work, given):
    began = time.thread_time()
    work(*given)
    return time.thread_time() - began
