#!/usr/bin/env python3
"""Measures searches and inbox lists against a running server, and the recall of a small labelled set.

    bench_search.py PORT EMAIL PASSWORD [--rounds N] [--cpu PID,PID]

Prints one JSON object. --cpu: the server and PostgreSQL's first process; the time they and their children ran on a
processor is counted for each call, too, which other work on the machine does not disturb so much.
"""

import argparse
import glob
import http.client
import json
import random
import time
from collections import defaultdict
from urllib.parse import urlencode

from search_queries import FILTERS, LABELLED, LISTS, WORDS

AGENT = {"email": "bench-agent@example.org", "password": "eight measures of silence"}


class Client:
    def __init__(self, port, email, password):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}
        answer = self.call("POST", "/api/v1/auth/login", {"email": email, "password": password})
        self.headers["Authorization"] = "Bearer " + answer["access_token"]

    def call(self, method, path, body=None, expected=(200, 201)):
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status not in expected:
            raise SystemExit(f"{method} {path}: {reply.status} {text[:300]}")
        return json.loads(text)

    def get(self, path, **query):
        return self.call("GET", path + "?" + urlencode(query))


def hire(admin, port):
    """An agent of one department, who sees little."""
    profile = AGENT | {"name": "Agent", "role": "agent", "departments": ["billing"], "languages": ["en"], "capacity": 5}
    admin.call("POST", "/api/v1/staff", profile, expected=(201, 409)) # 409: of an earlier run
    return Client(port, AGENT["email"], AGENT["password"])


class Processor:
    """The time that processes and their children have run, in ms."""

    def __init__(self, parents):
        self.parents = parents
        self.files = []

    def look_around(self):
        family = set(self.parents)
        for path in glob.glob("/proc/[0-9]*/stat"):
            try:
                with open(path, encoding="utf-8") as line:
                    text = line.read()
            except OSError:
                continue # it has ended
            if int(text.rpartition(")")[2].split()[1]) in self.parents:
                family.add(int(text.split()[0]))
        self.files = [f for pid in family for f in glob.glob(f"/proc/{pid}/task/*/schedstat")]

    def ms(self):
        total = 0
        for path in self.files:
            try:
                with open(path, encoding="utf-8") as line:
                    total += int(line.read().split()[0])
            except OSError:
                continue
        return total / 1e6


class Clock:
    """Takes the time of calls under the names of what they stand for."""

    def __init__(self, processor):
        self.processor = processor
        self.taken = []

    def measure(self, client, path, names, **query):
        if len(self.taken) % 50 == 0:
            self.processor.look_around()
        ran = self.processor.ms()
        begun = time.perf_counter()
        answer = client.get(path, **query)
        took = (time.perf_counter() - begun) * 1000
        self.taken.append((took, self.processor.ms() - ran, names))
        return answer

    def summary(self):
        took = [t[0] for t in self.taken]
        ran = [t[1] for t in self.taken]
        slowest = max(self.taken, key=lambda t: t[0])
        groups = defaultdict(list)
        for each in self.taken:
            for name in each[2]:
                groups[name].append(each)
        return {
            "calls": len(took),
            "p50_ms": percentile(took, 0.5),
            "p95_ms": percentile(took, 0.95),
            "max_ms": round(slowest[0], 1),
            "slowest": " / ".join(slowest[2]),
            "cpu_p50_ms": percentile(ran, 0.5),
            "cpu_p95_ms": percentile(ran, 0.95),
            "p95_ms_of": {
                name: {"took": percentile([t[0] for t in of], 0.95), "cpu": percentile([t[1] for t in of], 0.95)}
                for name, of in groups.items()
            },
        }


def percentile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(share * len(values)))], 1)


def measure_searches(clock, admin, agent, words, rounds):
    calls = [
        (f"{kind}: {typed}", name, {"q": typed} | query)
        for kind, list_of in words.items()
        for typed in list_of
        for name, query in FILTERS.items()
    ] * rounds
    random.shuffle(calls)
    for what, name, query in calls:
        clock.measure(agent if name == "an agent's" else admin, "/api/v1/search", (what, name), **query)
    return clock.summary()


def measure_recall(client, labelled):
    missed = []
    for typed, text in labelled:
        items = client.get("/api/v1/search", q=typed)["items"]
        if not any(text in item["snippet"].replace("[[", "").replace("]]", "") for item in items):
            missed.append(typed)
    found = len(labelled) - len(missed)
    return {"found": found, "of": len(labelled), "recall": round(found / len(labelled), 2), "missed": missed}


def measure_lists(clock, admin, agent, rounds):
    path = "/api/v1/conversations"
    deep = {}
    for name in ("all", "resolved", "closed, department"): # 10,000 rows down
        cursor = {}
        for _ in range(50):
            following = admin.get(path, **LISTS[name], **cursor, limit=200)["next_cursor"]
            if not following:
                break
            cursor = {"cursor": following}
        deep[name] = cursor
    for _ in range(5 * rounds):
        for name, query in LISTS.items():
            client = agent if name == "an agent's" else admin
            page = clock.measure(client, path, (name,), **query)
            if page["next_cursor"]:
                clock.measure(client, path, (name + ", page 2",), **query, cursor=page["next_cursor"])
        for name, cursor in deep.items():
            clock.measure(admin, path, (name + ", far down",), **LISTS[name], **cursor)
    return clock.summary()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("email")
    parser.add_argument("password")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cpu", default="")
    options = parser.parse_args()
    random.seed(7)
    admin = Client(options.port, options.email, options.password)
    agent = hire(admin, options.port)
    processor = Processor([int(pid) for pid in options.cpu.split(",") if pid])
    result = {}
    for language, words in WORDS.items():
        result[f"search_{language}"] = measure_searches(Clock(processor), admin, agent, words, options.rounds)
        result[f"recall_{language}"] = measure_recall(admin, LABELLED[language])
    result["lists"] = measure_lists(Clock(processor), admin, agent, options.rounds)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
