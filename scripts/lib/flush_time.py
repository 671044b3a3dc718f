#!/usr/bin/env python3
"""flush_time.py FILE SECONDS: how long the disk takes to make 8 KB durable, 200 times a second, as one JSON object.

A post is answered after one such flush, so this is the part of every delay that no program can take away.
"""

import json
import os
import statistics
import sys
import time

PAGE = b"x" * 8192
PAGES = 2048  # written before, as PostgreSQL's log is: only contents change, not the file's size


def main(path, seconds):
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(file, PAGE * PAGES, 0)
        os.fsync(file)
        took = []
        for i in range(int(seconds * 200)):
            started = time.perf_counter()
            os.pwrite(file, PAGE, i % PAGES * len(PAGE))
            os.fdatasync(file)
            took.append((time.perf_counter() - started) * 1000)
            time.sleep(max(0.0, 0.005 - took[-1] / 1000))
        hundredths = statistics.quantiles(took, n=100)
        print(json.dumps({"flush_p50_ms": round(hundredths[49], 3), "flush_p99_ms": round(hundredths[98], 3)}))
    finally:
        os.close(file)
        os.unlink(path)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
