#!/usr/bin/env python3
"""Measures the server beside references taken on the same machine in the same run.

Durable posts stand against pgbench's single-row inserts on the same cluster, alternating, so that a slow minute hits
both. The full path is measured: identity, idempotency, contact, conversation, message and event.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_parts import BenchError, Cluster, PGBENCH_TABLE, Server, Watch, median_of, pgbench, plain_sends


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder, self.rows, self.data = options, folder, [], {}

    def load(self, server, measurement, *arguments):
        command = [os.path.abspath(self.options.client), measurement, "--port", str(server.port), "--json",
                   "--pid", str(server.process.pid), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise BenchError(f"{measurement}: {done.stderr.strip()}")
        result = json.loads(done.stdout)
        self.data.setdefault(measurement, []).append(result)
        if result.get("errors") or result.get("missing") or result.get("closed_by_server"):
            raise BenchError(f"{measurement}: {json.dumps(result)}")
        return result

    def row(self, figure, value, reference="", ratio=None, target="", met=None):
        self.rows.append({"figure": figure, "value": value, "reference": reference, "ratio": ratio,
                          "target": target, "met": met})

    # --- the measurements ---------------------------------------------------------------------------------------

    def posts(self, cluster, server):
        o = self.options
        cluster.sql(PGBENCH_TABLE)
        for clients in o.connections:
            inserts, posts = [], []
            for turn in range(o.rounds):
                with Watch(f"durable posts, {clients} connections, round {turn + 1} of {o.rounds}"):
                    inserts.append(pgbench(cluster, self.folder, clients, o.seconds))
                    posts.append(self.load(server, "post", "--key", server.key, "--connections", clients,
                                           "--seconds", o.seconds))
            self.data.setdefault("pgbench", []).extend(inserts)
            rate, reference = median_of(posts, "posts_per_second"), median_of(inserts, "rows_per_second")
            wanted = clients == 64
            self.row(f"posts/s, {clients} connections", f"{rate:,.0f}", f"pgbench {reference:,.0f} rows/s",
                     rate / reference, "1.2 x" if wanted else "", rate >= 1.2 * reference if wanted else None)
            for share in ("p50", "p99"):
                mine, theirs = median_of(posts, f"post_{share}_ms"), median_of(inserts, f"{share}_ms")
                limit = wanted and share == "p99"
                self.row(f"  {share}", f"{mine:.2f} ms", f"pgbench {theirs:.2f} ms", mine / theirs,
                         "20 ms" if limit else "", mine <= 20 if limit else None)
        peak = max(one["rss_peak_mb"] for one in self.data["post"])
        self.row("server memory, peak of all posts", f"{peak:.0f} MB", target="60 MB", met=peak <= 60)

    def fanout(self, server):
        o = self.options
        with Watch("reference for fan-out: one send() for each event and socket"):
            plain = plain_sends(seconds=o.seconds / 2)
        self.data["plain_sends_per_second"] = plain
        for sockets in o.sockets:
            with Watch(f"fan-out to {sockets} sockets"):
                rounds = [self.load(server, "fanout", "--key", server.key, "--login", self.login(server),
                                    "--sockets", sockets, "--seconds", o.seconds) for _ in range(o.rounds)]
            rate, p99 = median_of(rounds, "deliveries_per_second"), median_of(rounds, "delivery_p99_ms")
            wanted = sockets == 200
            self.row(f"deliveries/s, {sockets} sockets", f"{rate:,.0f}", f"plain sends {plain:,.0f}/s", rate / plain,
                     "600,000" if wanted else "", rate >= 600_000 if wanted else None)
            self.row("  p99", f"{p99:.1f} ms", target="50 ms" if wanted else "", met=p99 < 50 if wanted else None)

    def live(self, server):
        with Watch("post to delivery, 200 posts/s to 50 sockets"):
            rounds = [self.load(server, "live", "--key", server.key, "--login", self.login(server),
                                "--seconds", self.options.seconds) for _ in range(self.options.rounds)]
        commit = [one for one in self.data.get("pgbench", []) if one["clients"] == 1]
        for share in ("p50", "p99"):
            mine = median_of(rounds, f"delivery_{share}_ms")
            theirs = median_of(commit, f"{share}_ms") if commit else None
            limit = share == "p99"
            self.row(f"post to delivery, {share}", f"{mine:.2f} ms",
                     f"one pgbench insert {theirs:.2f} ms" if theirs else "", mine / theirs if theirs else None,
                     "5 ms" if limit else "", mine < 5 if limit else None)

    def idle(self, cluster):
        count = self.options.idle
        with Watch(f"memory of {count} idle sockets"):
            # A process of its own, as memory that earlier load left behind would be counted for sockets.
            server = Server(self.options.server, self.folder, cluster.url())
            try:
                server.wait_ready()
                one = self.load(server, "idle", "--login", self.login(server), "--sockets", count)
            finally:
                server.stop()
        each = one["kb_per_socket"]
        self.row(f"memory per idle socket, {count:,}", f"{each:.1f} KB",
                 f"process before: {one['rss_before_mb']:.0f} MB", target="12 KB", met=each <= 12)

    def cold_start(self, by_hand):
        with Watch("cold start with a private PostgreSQL"):
            # A short folder of its own: PostgreSQL's socket path may not be long.
            server = Server(self.options.server, self.folder)
            try:
                cold = server.wait_ready()
            finally:
                server.stop()
        self.data["cold_start_seconds"] = cold
        self.row("cold start, empty folder to ready", f"{cold:.2f} s", f"initdb, start, createdb {by_hand:.2f} s",
                 cold / by_hand)

    @staticmethod
    def login(server):
        return f"{server.email}:{server.password}"

    # --- all of them --------------------------------------------------------------------------------------------

    def run(self):
        cluster = Cluster(self.folder)
        try:
            with Watch("PostgreSQL for the bench"):
                by_hand = cluster.start()
            server = Server(self.options.server, self.folder, cluster.url())
            try:
                server.wait_ready()
                self.posts(cluster, server)
                self.fanout(server)
                self.live(server)
            finally:
                server.stop()
            if self.options.idle:
                self.idle(cluster)
        finally:
            cluster.stop()
        self.cold_start(by_hand)


def print_table(rows):
    columns = ["figure", "value", "reference", "ratio", "target", ""]
    cells = [[r["figure"], r["value"], r["reference"], f"{r['ratio']:.2f}" if r["ratio"] is not None else "",
              r["target"], {True: "met", False: "MISSED", None: ""}[r["met"]]] for r in rows]
    widths = [max(len(line[i]) for line in [columns, *cells]) for i in range(len(columns))]
    print()
    for line in [columns, ["-" * w for w in widths], *cells]:
        aligned = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:-1], widths[1:-1])), line[-1]]
        print("  ".join(aligned).rstrip())


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--server", default="build/release/chat-centre", help=argparse.SUPPRESS)
    parser.add_argument("--client", default="build/release/chat-centre-load", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="one round of 2 s, 2,000 idle sockets: a smoke test")
    parser.add_argument("--rounds", type=int, default=3, help="medians are over so many rounds (3)")
    parser.add_argument("--seconds", type=int, default=5, help="length of one measurement (5)")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 64, 256], help="posting (1 64 256)")
    parser.add_argument("--sockets", type=int, nargs="+", default=[200, 2000], help="for fan-out (200 2000)")
    parser.add_argument("--idle", type=int, default=10_000, help="idle sockets, 0 for none (10000)")
    parser.add_argument("--json", type=Path, default=Path("build/bench/latest.json"), help="where the figures go")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.idle = 1, 2, min(options.idle, 2000)

    folder = Path(tempfile.mkdtemp(prefix="cc-bench-"))
    folder.chmod(0o711)
    bench = Bench(options, folder)
    try:
        bench.run()
    except (BenchError, subprocess.CalledProcessError, OSError) as problem:
        print_table(bench.rows)
        print(f"\nerror: {problem}\nlogs are in {folder}", file=sys.stderr)
        return 1
    print_table(bench.rows)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "kernel": platform.release(), "system": platform.platform()}
    options.json.write_text(json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": machine,
                                        "options": {k: v for k, v in vars(options).items() if k != "json"},
                                        "rows": bench.rows, "measurements": bench.data}, indent=1) + "\n")
    print(f"\nfigures: {options.json}")
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if any(row["met"] is False for row in bench.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
