"""Waiting for a condition, never for a time: tests state a generous bound and go on as soon as they can."""

import time

PATIENCE = 30.0  # seconds; a slow machine or a sanitizer build must not fail a test


def until(condition, what, timeout=PATIENCE, pause=0.02):
    """Calls condition() until it returns something true, and returns that; AssertionError after `timeout`."""
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:.0f} s for {what}; the last answer was {result!r}")
        time.sleep(pause)
