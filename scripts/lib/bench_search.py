#!/usr/bin/env python3
"""Measures searches and inbox lists against a running server, and the recall of a small labelled set.

    bench_search.py PORT EMAIL PASSWORD [--rounds N]     prints one JSON object; tests/bench/search_data.sql made the data
"""

import argparse
import http.client
import json
import random
import time
from urllib.parse import urlencode

# What people would type, and the sentence (by a few of its words, as they stand there) it must find on the first page.
LABELLED = {
    "en": [
        ("scholarship suspended", "scholarships were suspended"),
        ("committee transcript", "committee lost my transcripts"),
        ("scholarshps suspnded", "scholarships were suspended"),
        ("grandfather cardiology", "grandfather to the cardiology"),
        ("cardiolgy ambulance", "grandfather to the cardiology"),
        ("ambul grandf", "grandfather to the cardiology"),
        ("translating birth certificate portuguese", "birth certificate into Portuguese"),
        ("portugese", "birth certificate into Portuguese"),
        ("electricians generators", "generator is still broken"),
        ("electrican", "generator is still broken"),
        ("aquarium charged twice", "aquarium membership"),
        ("aquariam memberships", "aquarium membership"),
        ("Sarah Johnson wheelchair", "wheelchair that Sarah Johnson"),
        ("wheelchiar", "wheelchair that Sarah Johnson"),
        ("biometric passp", "biometric passport"),
        ("alergic penicilin", "allergic to penicillin"),
        ("antibiotics penicillin", "allergic to penicillin"),
    ],
    "ar": [
        ("منحتي الدراسيه", "منحتي الدراسية"),
        ("ايقاف منحتي", "منحتي الدراسية"),
        ("اللجنه كشف الدرجات", "منحتي الدراسية"),
        ("جدي القلب", "أمراض القلب"),
        ("امراض القلب الاسعاف", "أمراض القلب"),
        ("الاسعفا جدي", "أمراض القلب"),
        ("ترجمه شهاده الميلاد", "اللغة البرتغالية"),
        ("البرتغاليه", "اللغة البرتغالية"),
        ("البرتغلية", "اللغة البرتغالية"),
        ("الكهربائي المولد", "المولِّد"),
        ("الكهربايي", "المولِّد"),
        ("حوض الاسماك", "حوض الأسماك"),
        ("اشتراك الأسم", "حوض الأسماك"),
        ("فاطمه الكرسي", "الكرسي المتحرك"),
        ("المتحرك لاخيها", "الكرسي المتحرك"),
        ("البيومتري", "البيومتري"),
        ("البنسلين حساسيه", "البنسلين"),
        ("حيويا البنسلن", "البنسلين"),
    ],
}
# Words of the generated texts, from the commonest to the rarest; and the filters of a first page.
WORDS = {
    "en": "account address card refund refunds paying invoice deliver school visit laptop vouchers wri pass insur".split(),
    "ar": "حساب عنوان المدرسة فاتورة استرداد الجواز والطلب توصيل هاتف منحة موعد كهرب ضمان وال للمد".split(),
}
FILTERS = [
    {"status": "resolved"},
    {"status": "pending"},
    {"department": "billing"},
    {"category": "medical"},
    {"channel": "whatsapp"},
    {"tag": "vip"},
    {"rating": "5"},
    {"from": "2026-01-01"},
    {"assigned": "STF-20"},
    {"department": "medical", "status": "closed", "rating": "1"},
    {"types": "messages"},
    {"types": "conversations", "category": "billing"},
]
LISTS = [
    {},
    {"status": "pending", "sort": "waiting"},
    {"status": "bot,pending,active"},
    {"status": "resolved"},
    {"status": "closed", "department": "medical"},
    {"department": "billing"},
    {"assigned": "STF-20"},
    {"assigned": "none"},
    {"priority": "emergency"},
    {"channel": "widget", "priority": "low"},
    {"from": "2026-06-01", "to": "2026-06-08"},
    {"q": "customer1234"},
    {"q": "فاتورة"},
]


class Client:
    def __init__(self, port, email, password):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Content-Type": "application/json"}
        answer = self.call("POST", "/api/v1/auth/login", {"email": email, "password": password})
        self.headers["Authorization"] = "Bearer " + answer["access_token"]

    def call(self, method, path, body=None):
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise SystemExit(f"{method} {path}: {reply.status} {text[:300]}")
        return json.loads(text)

    def timed(self, path, **query):
        begun = time.perf_counter()
        answer = self.call("GET", path + "?" + urlencode(query))
        return answer, (time.perf_counter() - begun) * 1000


def percentile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(share * len(values)))], 1)


def summary(times):
    slowest = max(times, key=lambda t: t[0])
    values = [t[0] for t in times]
    return {
        "calls": len(values),
        "p50_ms": percentile(values, 0.5),
        "p95_ms": percentile(values, 0.95),
        "max_ms": round(slowest[0], 1),
        "slowest": slowest[1],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("email")
    parser.add_argument("password")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    random.seed(7)
    client = Client(options.port, options.email, options.password)
    result = {}
    for language, words in WORDS.items():
        calls = [
            {"q": q, **f} for q in words + [f"{a} {b}" for a, b in zip(words, words[3:])] for f in FILTERS
        ] * options.rounds
        random.shuffle(calls)
        times = []
        for query in calls:
            _, took = client.timed("/api/v1/search", **query)
            times.append((took, query))
        result[f"search_{language}"] = summary(times)
        found, missed = 0, []
        for typed, text in LABELLED[language]:
            answer, _ = client.timed("/api/v1/search", q=typed)
            plain = [item["snippet"].replace("[[", "").replace("]]", "") for item in answer["items"]]
            if any(text in p for p in plain):
                found += 1
            else:
                missed.append(typed)
        result[f"recall_{language}"] = {
            "found": found,
            "of": len(LABELLED[language]),
            "recall": round(found / len(LABELLED[language]), 2),
            "missed": missed,
        }
    times = []
    for query in LISTS * (5 * options.rounds):
        page, took = client.timed("/api/v1/conversations", **query)
        times.append((took, query))
        if page["next_cursor"]:
            _, took = client.timed("/api/v1/conversations", **query, cursor=page["next_cursor"])
            times.append((took, query | {"page": 2}))
    result["lists"] = summary(times)
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
