#!/usr/bin/env python3
"""Sums what the test runners in the given logs counted, and prints "<passed> <failed> <skipped>".

Knows the last lines of ctest, Catch2, pytest, node --test and of our own scripts ("N passed, N failed").
"""

import re
import sys
from pathlib import Path

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def count(text):
    passed = failed = skipped = 0
    for line in COLOUR.sub("", text).splitlines():
        if found := re.match(r"\s*\d+% tests passed, (\d+) tests failed out of (\d+)", line):  # ctest
            failed += int(found[1])
            passed += int(found[2]) - int(found[1])
        elif found := re.match(r"All tests passed \(\d+ assertions? in (\d+) test cases?\)", line):  # Catch2
            passed += int(found[1])
        elif re.match(r"test cases: *\d+ \|", line):
            for number, word in re.findall(r"(\d+) (passed|failed as expected|failed|skipped)", line):
                passed += int(number) if word in ("passed", "failed as expected") else 0
                failed += int(number) if word == "failed" else 0
                skipped += int(number) if word == "skipped" else 0
        elif found := re.match(r"\s*(?:ℹ|#) (pass|fail|cancelled|skipped) (\d+)$", line):  # node --test
            number = int(found[2])
            passed += number if found[1] == "pass" else 0
            failed += number if found[1] in ("fail", "cancelled") else 0
            skipped += number if found[1] == "skipped" else 0
        elif re.match(r"=*\s*(?:[\w-]+: )?\d+ (?:passed|failed|error|skipped|deselected)", line):  # pytest and ours
            for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped|xpassed|xfailed)", line):
                passed += int(number) if word in ("passed", "xfailed") else 0
                failed += int(number) if word in ("failed", "error", "errors", "xpassed") else 0
                skipped += int(number) if word == "skipped" else 0
    return passed, failed, skipped


if __name__ == "__main__":
    print(*count("\n".join(Path(log).read_text(encoding="utf-8", errors="replace") for log in sys.argv[1:])))
