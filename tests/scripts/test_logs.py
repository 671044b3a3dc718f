"""What scripts/test makes of the logs of its lanes: the numbers, and what failed. The samples are shortened real logs."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))

from count_results import count  # noqa: E402
from failures import LINES, NAMES, find, names, report  # noqa: E402

TAP = """\
TAP version 13
# Subtest: tickets
    # Subtest: opens
    ok 1 - opens
      ---
      duration_ms: 0.5
      ...
    # Subtest: closes
    not ok 2 - closes
      ---
      duration_ms: 6.2
      location: '/src/tests/browser/desk.test.mjs:5:3'
      failureType: 'testCodeFailure'
      error: |-
        Expected values to be strictly deep-equal:
        + actual - expected

        +   state: 'open'
        -   state: 'closed'
      code: 'ERR_ASSERTION'
      expected:
        state: 'closed'
      actual:
        state: 'open'
      stack: |-
        TestContext.<anonymous> (file:///src/tests/browser/desk.test.mjs:7:35)
        Test.run (node:internal/test_runner/test:796:25)
      ...
    1..2
not ok 1 - tickets
  ---
  duration_ms: 8.0
  type: 'suite'
  location: '/src/tests/browser/desk.test.mjs:3:1'
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
# Subtest: not yet
not ok 2 - not yet # TODO
  ---
  duration_ms: 0.1
  location: '/src/tests/browser/desk.test.mjs:9:1'
  error: 'later'
  ...
# Subtest: hangs
not ok 3 - hangs
  ---
  duration_ms: 204.4
  location: '/src/tests/browser/work.test.mjs:3:1'
  failureType: 'testTimeoutFailure'
  error: 'test timed out after 200ms'
  ...
# Error [ERR_MODULE_NOT_FOUND]: Cannot find module 'none.mjs'
# Node.js v20.20.2
# Subtest: /src/tests/browser/widget.test.mjs
not ok 4 - /src/tests/browser/widget.test.mjs
  ---
  duration_ms: 117.5
  location: '/src/tests/browser/widget.test.mjs:1:1'
  failureType: 'testCodeFailure'
  exitCode: 1
  signal: ~
  error: 'test failed'
  ...
1..4
# tests 5
# suites 1
# pass 1
# fail 2
# cancelled 1
# skipped 0
# todo 1
# duration_ms 1170.3
"""

PYTEST = """\
.[gw1] node down: Not properly terminated
F.FE
==================================== ERRORS ====================================
________________________ ERROR at setup of test_fixture ________________________
[gw0] linux -- Python 3.11.2 /usr/bin/python3

>   def server(): raise RuntimeError("no server")
E   RuntimeError: no server

tests/conftest.py:3: RuntimeError
=================================== FAILURES ===================================
__________________________________ test_y.py ___________________________________
[gw1] linux -- Python 3.11.2 /usr/bin/python3
worker 'gw1' crashed while running 'test_y.py::test_dies'
__________________________________ test_y.py ___________________________________
[gw2] linux -- Python 3.11.2 /usr/bin/python3
worker 'gw2' crashed while running 'test_y.py::test_dies'
_________________________________ test_bad[a: b] _________________________________
[gw0] linux -- Python 3.11.2 /usr/bin/python3

>       assert value == {"a": 2}
E       AssertionError: assert {'a': 1} == {'a': 2}

tests/scenario/test_x.py:8: AssertionError
----------------------------- Captured stdout call -----------------------------
the server's last words
=========================== short test summary info ============================
FAILED test_y.py::test_dies
FAILED tests/scenario/test_x.py::test_bad[a: b] - AssertionError
ERROR tests/scenario/test_x.py::test_fixture - RuntimeError: no server
3 failed, 2 passed, 1 error in 1.44s
"""

RULE = "-" * 79
CATCH2 = f"""\
[2026-11-20 13:34:49.262] [warning] job send slow3 failed at attempt 1: no answer
{RULE}
adds [up]
  one
{RULE}
tests/base/a_test.cpp:6
{'.' * 79}

tests/base/a_test.cpp:7: FAILED:
  CHECK( 1 == 2 )

[2026-11-20 13:34:49.262] [warning] job again
tests/base/a_test.cpp:8: FAILED:
  CHECK( word == "b" )
with expansion:
  "a" == "b"

{RULE}
crashes
{RULE}
tests/base/a_test.cpp:9
{'.' * 79}

tests/base/a_test.cpp:9: FAILED:
  {{Unknown expression after the reported line}}
due to a fatal error condition:
  SIGSEGV - Segmentation violation signal

{'=' * 79}
test cases: 4 | 2 passed | 2 failed
assertions: 6 | 3 passed | 3 failed
"""

SANITIZER = """\
[2026-11-20 13:34:49.262] [info] ready
==================
WARNING: ThreadSanitizer: data race (pid=21684)
  Write of size 4 at 0x561c55ed9668 by main thread:
    #0 bump(int) a.cpp:2 (r+0xd6f24)
[2026-11-20 13:34:49.263] [info] another thread's line
SUMMARY: ThreadSanitizer: data race a.cpp:2 in bump(int)
==================
"""

COMPILER = """\
[1/2] Building CXX object a.o
/src/src/base/a.cpp:67:33: error: 'push_back' is called inside a loop [performance]
   67 |     for (const auto& p : picks) ids.push_back(p);
      |                                 ^
routing_0: FINDINGS
sla_0: 6 clean
"""


def details(text, number=0):
    return "\n".join(find(text)[1][number].details)


@pytest.mark.parametrize(
    "text, counts",
    [(TAP, (1, 3, 0)), (PYTEST, (2, 4, 0)), (CATCH2, (2, 2, 0)), ("All tests passed (3 assertions in 2 test cases)", (2, 0, 0)),
     ("format: 5 passed, 1 failed", (5, 1, 0)), (CATCH2 + PYTEST, (4, 6, 0)), ("", (0, 0, 0))],
)
def test_what_the_runners_counted(text, counts):
    assert count(text) == counts


def test_tap_names_tests_not_the_suites_around_them():
    assert names(TAP) == ["desk.test.mjs: tickets > closes", "work.test.mjs: hangs", "/src/tests/browser/widget.test.mjs"]
    told = details(TAP)
    assert "+   state: 'open'" in told and "desk.test.mjs:7:35" in told
    assert "actual:" not in told and "node:internal" not in told, "what the error shows already, and the runner's own frames"


def test_tap_shows_what_a_file_wrote_that_could_not_run():
    assert "Cannot find module" in details(TAP, 2)


def test_pytest_names_file_and_test():
    assert names(PYTEST) == [
        "tests/conftest.py: ERROR at setup of test_fixture",
        "test_y.py::test_dies",
        "tests/scenario/test_x.py: test_bad[a: b]",
    ]
    told = details(PYTEST, 2)
    assert "AssertionError: assert {'a': 1}" in told and "the server's last words" in told


def test_catch2_without_the_servers_log():
    assert names(CATCH2) == ["tests/base/a_test.cpp: adds [up] > one", "tests/base/a_test.cpp: crashes"]
    assert '"a" == "b"' in details(CATCH2) and "job" not in details(CATCH2)
    assert "SIGSEGV" in details(CATCH2, 1)


def test_sanitizer_report_ends_with_its_summary():
    assert names(SANITIZER) == ["WARNING: ThreadSanitizer: data race (pid=21684)"]
    assert "bump(int) a.cpp:2" in details(SANITIZER) and "another thread" not in details(SANITIZER)


def test_compiler_and_clang_tidy():
    assert names(COMPILER) == ["/src/src/base/a.cpp:67:33: 'push_back' is called inside a loop [performance]"]
    assert "ids.push_back(p);" in details(COMPILER)


def test_two_runners_in_one_log():
    assert len(names(CATCH2 + PYTEST)) == 5


@pytest.mark.parametrize("text", [TAP * 40, PYTEST * 3, CATCH2 * 200, SANITIZER.replace("    #0", "    #0 x\n" * 500)])
def test_the_report_is_bounded_and_ends_with_the_log(text):
    lines = report(text)
    assert len(lines) <= LINES
    assert lines[-1] == text.splitlines()[-1]


def test_names_are_bounded():
    assert len(names(CATCH2 * 200)) == NAMES + 1
    assert names(CATCH2 * 200)[-1] == "... and 380 more"


def test_of_an_unknown_log_the_end():
    assert report("\n".join(f"line {n}" for n in range(1000)))[-1] == "line 999"
    assert report("") == []
