#!/usr/bin/env python3
"""Prints what failed according to the log of a test runner: scripts/test shows it when a lane fails.

    failures.py [--names] LOG

Knows TAP (node --test), pytest, Catch2, compilers and clang-tidy, and the reports of the sanitizers. Of a log that
holds nothing of these it prints the end. --names prints one line for each failure and nothing else.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

LINES = 150  # printed at most, all together
TAIL = 8  # of the log, after the failures
ALONE = 60  # of the log, when no failure was recognised
NAMES = 20  # printed at most by --names
WIDTH = 300  # of a line

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SERVER_LOG = re.compile(r"\[20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\] \[\w+\] ")


@dataclass
class Failure:
    name: str
    details: list = field(default_factory=list)


def ends_of(lines, limit):
    """Both ends of a list of lines that is longer than the limit; more of the end, where errors stand."""
    if len(lines) <= limit:
        return lines
    head = limit // 3
    tail = limit - head - 1
    missing = f"... {len(lines) - head - tail} lines left out"
    return lines[:head] + [missing] + lines[len(lines) - tail :]


# --- TAP: "not ok" and a block of YAML. A suite fails because a test in it does, so only the tests are told. ---------

TAP_SUBTEST = re.compile(r"(\s*)# Subtest: (.*)$")
TAP_NOT_OK = re.compile(r"(\s*)not ok \d+(?: - (.*))?$")
TAP_DULL = re.compile(r"(duration_ms|type|code|exitCode): |failureType: 'testCodeFailure'|signal: ~"
                      r"|.*node:(?:internal/|async_hooks)|  (async Promise\.all|new Promise|new SafePromise|Array\.map)\b")
TAP_VALUES = re.compile(r"(expected|actual):")


def tap_failures(lines):
    found, names, started = [], {}, 0
    for place, line in enumerate(lines):
        if match := TAP_SUBTEST.match(line):
            names = {depth: name for depth, name in names.items() if depth < len(match[1])}
            names[len(match[1])] = match[2]
            started = place
        elif (match := TAP_NOT_OK.match(line)) and not re.search(r" # (TODO|SKIP)\b", line):
            block = tap_block(lines, place + 1, match[1])
            if "failureType: 'subtestsFailed'" in block:
                continue
            above = [name for depth, name in sorted(names.items()) if depth < len(match[1])]
            name = " > ".join([*above, match[2] or "(no name)"])
            where = re.search(r"location: .*?([^/']+?):\d+:\d+'", "\n".join(block))
            if where and not name.endswith(where[1]):
                name = f"{where[1]}: {name}"
            if "failureType: 'cancelledByParent'" in block:
                block = ["cancelled, because what it belongs to failed"]
            elif "error: 'test failed'" in block:  # the whole file: it could not be loaded, or its process died
                block += tap_comments_before(lines, started)
            found.append(Failure(name, block))
    return found


def tap_block(lines, start, indent):
    """The YAML from line `start` on, without its indentation and without what tells a reader nothing."""
    if start >= len(lines) or lines[start] != indent + "  ---":
        return []
    block = []
    for line in lines[start + 1 :]:
        if line == indent + "  ...":
            break
        block.append(line[len(indent) + 2 :])
    if any(line.strip() == "+ actual - expected" for line in block):  # the error shows both values already
        block = without_values(block)
    return [line for line in block if not TAP_DULL.match(line)]


def without_values(block):
    kept, inside = [], False
    for line in block:
        if not line.startswith(" "):
            inside = bool(TAP_VALUES.match(line))
        if not inside:
            kept.append(line)
    return kept


def tap_comments_before(lines, place):
    """What the process of a file wrote; node --test puts it before the file's result."""
    first = place
    while first > 0 and lines[first - 1].startswith("# ") and not TAP_SUBTEST.match(lines[first - 1]):
        first -= 1
    return ends_of(lines[first:place], 20)


# --- pytest: a section for each failure; what the test printed stands at the end of it -------------------------------

PYTEST_SECTION = re.compile(r"=+ (ERRORS|FAILURES) =+$")
PYTEST_END = re.compile(r"={3,} .* ={3,}$")
PYTEST_TITLE = re.compile(r"_{3,} (.+?) _{3,}$")
PYTEST_CAPTURED = re.compile(r"-+ Captured .* -+$")
PYTEST_CRASHED = re.compile(r"worker '\w+' crashed while running '(.*)'$")


def pytest_failures(lines):
    found, inside = [], False
    for line in lines:
        if PYTEST_SECTION.match(line):
            inside = True
        elif inside and PYTEST_END.match(line):
            inside = False
        elif inside and (match := PYTEST_TITLE.match(line)):
            found.append(Failure(match[1]))
        elif inside and found:
            found[-1].details.append(line)
    for failure in found:
        title = failure.name
        for line in failure.details:
            if match := PYTEST_CRASHED.match(line):
                failure.name, failure.details = match[1], ["the worker crashed"]
            elif match := re.match(r"(\S+\.py):\d+: ", line):  # the last one of them is where it failed
                failure.name = f"{match[1]}: {title}"
        failure.details = pytest_summary(failure.details)
    return list({(failure.name, *failure.details): failure for failure in found}.values())


def pytest_summary(lines):
    """The error stands at the end of the traceback, and the server's last words at the end of what was printed."""
    first = next((place for place, line in enumerate(lines) if PYTEST_CAPTURED.match(line)), len(lines))
    return ends_of(lines[first:], 12) + ends_of(lines[:first], 28)


# --- Catch2: a heading for each test that fails, then its assertions among what the server logs ----------------------

CATCH_RULE = "-" * 79
CATCH_END = "=" * 79
CATCH_FAILED = re.compile(r"(\S+):\d+: FAILED:$")


def catch2_failures(lines):
    found, heading, inside = [], None, False
    rules = 0
    for line in lines:
        if line == CATCH_END:
            heading, inside, rules = None, False, 0
        elif line == CATCH_RULE:
            rules += 1
            if rules % 2 == 1:
                heading, inside = [], False
        elif rules % 2 == 1:
            heading.append(line.strip())
        elif heading and (match := CATCH_FAILED.match(line)):
            name = f"{match[1]}: {' > '.join(heading)}"
            if not found or found[-1].name != name:
                found.append(Failure(name))
            found[-1].details.append(line)
            inside = True
        elif inside and not SERVER_LOG.match(line):
            inside = line != ""  # an assertion ends with an empty line
            if inside:
                found[-1].details.append(line)
    return found


# --- sanitizers: from the first line of a report to its summary ------------------------------------------------------

SANITIZER = re.compile(r"(==\d+==\s*ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|\S+:\d+:\d+: runtime error: )")


def sanitizer_failures(lines):
    found, inside = [], False
    for line in lines:
        if SANITIZER.match(line):
            found.append(Failure(re.sub(r"^==\d+==\s*", "", line), []))
            inside = True
        elif inside and not SERVER_LOG.match(line):
            found[-1].details.append(line)
            inside = not line.startswith("SUMMARY: ")
    for failure in found:  # where it happened stands first, unlike in the others
        failure.details = failure.details[:35]
    return found


# --- compilers and clang-tidy ----------------------------------------------------------------------------------------

COMPILER = re.compile(r"(\S+?:\d+:\d+): (?:fatal )?error: (.*)$")


def compiler_failures(lines):
    found, inside = [], False
    for line in lines:
        if match := COMPILER.match(line):
            found.append(Failure(f"{match[1]}: {match[2]}"))
            inside = True
        elif inside := inside and re.match(r"\s*\d* \|", line) is not None:
            found[-1].details.append(line)
    return found


# ---------------------------------------------------------------------------------------------------------------------


def find(text):
    lines = COLOUR.sub("", text).splitlines()
    parsers = (tap_failures, pytest_failures, catch2_failures, sanitizer_failures, compiler_failures)
    return lines, [failure for parse in parsers for failure in parse(lines)]


def room_for_each(sizes, room):
    """The most lines that each may have so that all fit; the short ones leave room to the long ones."""
    limit = 0
    while limit < max(sizes) and sum(min(size, limit + 1) for size in sizes) <= room:
        limit += 1
    return limit


def report(text):
    """At most LINES lines: what failed, and the end of the log."""
    lines, found = find(text)
    if not found:
        return lines[-ALONE:]
    room = LINES - TAIL - 1
    limit = room_for_each([len(failure.details) for failure in found], room - len(found))
    out = []
    for number, failure in enumerate(found, 1):
        out.append(f"{number}) {failure.name}")
        out += ["   " + line for line in ends_of(failure.details, limit)] if limit > 1 else []
    if len(out) > room:
        out = [*out[: room - 1], f"... {len(found)} failures in all"]
    return [*out, f"The end of the log ({len(lines)} lines):", *lines[-TAIL:]]


def names(text):
    found = [failure.name for failure in find(text)[1]]
    return found if len(found) <= NAMES else [*found[:NAMES], f"... and {len(found) - NAMES} more"]


def main(arguments):
    text = Path(arguments[-1]).read_text(encoding="utf-8", errors="replace")
    wanted = names(text) if "--names" in arguments else report(text)
    for line in wanted:
        print(line[:WIDTH])


if __name__ == "__main__":
    main(sys.argv[1:])
