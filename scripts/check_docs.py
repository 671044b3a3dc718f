#!/usr/bin/env python3
"""Checks the documents: docs/coverage.md names every requirement once and adds up, and links lead somewhere.

    scripts/check_docs.py
"""

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = {"000": 128, "001": 198, "002": 85, "003": 82, "004": 91}
STATES = ("works", "mapped", "partly", "later")

ROW = re.compile(r"^\| (\d{3})/(\d+) \| (.*?) \| (\w+) \| (.*?) \|$")
SUM = re.compile(r"^\| (\d{3}|all) \|" + r" +(\d+) \|" * 5 + "$")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def check_coverage(text):
    found, counted, sums = Counter(), {d: Counter() for d in LINES}, {}
    for line in text.splitlines():
        if row := ROW.match(line):
            document, number, _, state, note = row.groups()
            found[document, int(number)] += 1
            if state not in STATES:
                yield f"{document}/{number}: state {state} is none of {', '.join(STATES)}"
            if state != "works" and not note:
                yield f"{document}/{number}: {state} without saying where or why"
            if document in counted:
                counted[document][state] += 1
        elif total := SUM.match(line):
            sums[total[1]] = [int(n) for n in total.groups()[1:]]
    wanted = {(d, n) for d, most in LINES.items() for n in range(1, most + 1)}
    for document, number in sorted(wanted - set(found)):
        yield f"{document}/{number} is missing"
    for (document, number), times in sorted(found.items()):
        if (document, number) not in wanted:
            yield f"{document}/{number} is no requirement"
        elif times > 1:
            yield f"{document}/{number} stands there {times} times"
    counted["all"] = sum(counted.values(), Counter())
    for document, states in counted.items():
        right = [states[s] for s in STATES] + [states.total()]
        if sums.get(document) != right:
            yield f"the table of sums should say {document}: {right}"


def check_links():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "tests/README.md"]:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: {target} does not exist"


def main():
    problems = [f"docs/coverage.md: {p}" for p in check_coverage((ROOT / "docs/coverage.md").read_text(encoding="utf-8"))]
    problems += check_links()
    for problem in problems:
        print(problem)
    print(f"docs: {sum(LINES.values())} requirements, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
