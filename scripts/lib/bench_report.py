#!/usr/bin/env python3
"""Collects what scripts/bench measures, and prints the table.

record NAME ROUND       one JSON object from standard input, with its name and round, as one line
last FILE MEMBER        a member of the last line, for progress lines
report FILE JSON_FILE   the table on standard output, the same and the raw figures in JSON_FILE
search FILE JSON_FILE   likewise of scripts/bench --search
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import datetime, timezone


class Results:
    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            self.lines = [json.loads(line) for line in lines]

    def names(self, prefix):
        return list(dict.fromkeys(line["name"] for line in self.lines if line["name"].startswith(prefix)))

    def rounds(self, name, member):
        return {line["round"]: line[member] for line in self.lines if line["name"] == name}

    def median(self, name, member):
        return statistics.median(self.rounds(name, member).values())

    def ratio(self, name, member, reference, reference_member):
        """The median of the ratios within a round: both sides met the same disturbances."""
        above, below = self.rounds(name, member), self.rounds(reference, reference_member)
        return statistics.median(above[r] / below[r] for r in above)


class Row:
    """One line of the table. at_least and at_most are targets for the ratio when there is one, else for the value."""

    def __init__(self, what, value, unit, reference=None, ratio=None, at_least=None, at_most=None):
        self.what, self.value, self.unit = what, value, unit
        self.reference, self.ratio = reference, ratio
        self.at_least, self.at_most = at_least, at_most

    @property
    def judged(self):
        return self.value if self.ratio is None else self.ratio

    @property
    def met(self):
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.judged >= self.at_least) and (
            self.at_most is None or self.judged <= self.at_most
        )

    def as_json(self):
        return {k: v for k, v in (vars(self) | {"met": self.met}).items() if v is not None}

    def cells(self):
        target = ""
        if self.at_least is not None:
            target = f"at least {number(self.at_least)}" + ("" if self.ratio is None else " times")
        if self.at_most is not None:
            target = f"at most {number(self.at_most)} {self.unit}"
        return [
            self.what,
            f"{number(self.value)} {self.unit}",
            "" if self.reference is None else f"{number(self.reference)} {self.unit}",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            target,
            {None: "", True: "met", False: "MISSED"}[self.met],
        ]


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def rows_of(results):
    rows = []
    for name in results.names("posts "):
        size = int(name.split()[1])
        judged = size == 64
        reference = f"pgbench {size}"
        rows.append(
            Row(
                f"durable posts, {size} connection{'s' if size > 1 else ''}",
                results.median(name, "posts_per_second"),
                "/s",
                results.median(reference, "inserts_per_second"),
                results.ratio(name, "posts_per_second", reference, "inserts_per_second"),
                at_least=1.2 if judged else None,
            )
        )
        rows.append(Row("  p50", results.median(name, "post_p50_ms"), "ms"))
        rows.append(Row("  p99", results.median(name, "post_p99_ms"), "ms", at_most=20 if judged else None))
        if judged:
            rows.append(
                Row("  server memory, highest", results.median(name, "rss_peak_mb"), "MB", at_most=60)
            )
        rows.append(Row("  errors", sum(results.rounds(name, "errors").values()), "", at_most=0))
    for name in results.names("fanout "):
        size = int(name.split()[1])
        judged = size == 200
        rows.append(
            Row(
                f"fan-out to {size:,} sockets",
                results.median(name, "deliveries_per_second"),
                "/s",
                at_least=600_000 if judged else None,
            )
        )
        rows.append(
            Row(
                "  delivery p99",
                results.median(name, "delivery_p99_ms"),
                "ms",
                at_most=50 if judged else None,
            )
        )
        rows.append(Row("  not delivered", sum(results.rounds(name, "missing").values()), "", at_most=0))
    rows.append(
        Row("post to delivery, 200 posts/s, 50 sockets, p50", results.median("live", "delivery_p50_ms"), "ms")
    )
    rows.append(Row("  p99", results.median("live", "delivery_p99_ms"), "ms", at_most=5))
    rows.append(Row("  a flush of this disk alone, p50", results.median("flush", "flush_p50_ms"), "ms"))
    rows.append(Row("    p99", results.median("flush", "flush_p99_ms"), "ms"))
    rows.append(
        Row(
            "customer message to assistant answer, without a provider, p50",
            results.median("answers", "answer_p50_ms"),
            "ms",
        )
    )
    rows.append(Row("  p99", results.median("answers", "answer_p99_ms"), "ms", at_most=10))
    for name in results.names("idle "):
        size = int(name.split()[1])
        rows.append(
            Row(
                f"memory of an idle socket, {size:,} open",
                results.median(name, "kb_per_socket"),
                "kB",
                at_most=12,
            )
        )
    rows.append(Row("cold start, private cluster", results.median("cold start", "seconds"), "s"))
    return rows


def search_rows(results):
    index = results.lines[0]
    found = results.lines[-1]
    messages = index["messages"]
    rows = [
        Row(f"events taken into the index, {messages:,} messages", index["events_per_second"], "/s"),
        Row("  its size", index["index_mb"], "MB"),
    ]
    for code, language in (("en", "English"), ("ar", "Arabic")):
        recall = found[f"recall_{code}"]
        rows += times(f"first page with a filter, {language}", found[f"search_{code}"], 100)
        rows.append(Row(f"  recall, {recall['of']} labelled queries", recall["recall"], "", at_least=0.9))
    return rows + times(f"page of the inbox, {messages // 5:,} conversations", found["lists"], 20)


def times(what, figures, at_most):
    return [
        Row(f"{what}, p50", figures["p50_ms"], "ms"),
        Row("  p95", figures["p95_ms"], "ms", at_most=at_most),
        Row("  p95 of the processor time", figures["cpu_p95_ms"], "ms"),
        Row(f"  slowest: {figures['slowest']}", figures["max_ms"], "ms"),
    ]


def print_table(rows):
    table = [["", "measured", "pgbench", "ratio", "target", ""]] + [row.cells() for row in rows]
    widths = [max(len(cells[i]) for cells in table) for i in range(len(table[0]))]
    for index, cells in enumerate(table):
        padded = [cells[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(cells[1:4], widths[1:4])]
        print("  ".join(padded + [cells[4].ljust(widths[4]), cells[5]]).rstrip())
        if index == 0:
            print("-" * (sum(widths) + 2 * (len(widths) - 1)))


def machine():
    with open("/proc/meminfo", encoding="utf-8") as lines:
        memory_kb = int(next(lines).split()[1])
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory_kb / 1024 / 1024, 1),
        "kernel": platform.release(),
    }


def commit():
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def report(path, json_path, rows_from):
    results = Results(path)
    rows = rows_from(results)
    print()
    print_table(rows)
    document = {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "figures": [row.as_json() for row in rows],
        "raw": results.lines,
    }
    with open(json_path, "w", encoding="utf-8") as out:
        json.dump(document, out, indent=1)
    print(f"\nthe same as JSON: {json_path}")


def main(arguments):
    command = arguments[0]
    if command == "record":
        print(json.dumps({"name": arguments[1], "round": int(arguments[2])} | json.load(sys.stdin)))
    elif command == "last":
        print(number(Results(arguments[1]).lines[-1][arguments[2]]))
    else:
        report(arguments[1], arguments[2], search_rows if command == "search" else rows_of)


if __name__ == "__main__":
    main(sys.argv[1:])
