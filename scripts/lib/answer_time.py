#!/usr/bin/env python3
"""answer_time.py PORT SECONDS: from a customer's message to the assistant's answer, without a provider, as one JSON object.

Customers in conversations of the widget post over kept connections and wait for the reply to what they posted
(?wait=), 50 times a second in all. What is measured is two durable messages, and the turn in between.
"""

import http.client
import json
import statistics
import sys
import time

CUSTOMERS = 40
PER_SECOND = 50
QUESTIONS = ["Hello", "Thank you", "What is the status of my application?", "Which documents do I need?", "I live in Harare"]


class Customer:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.begin()

    def begin(self):
        status, started = self.call("/api/v1/conversations/start", {"name": "John", "language": "en"})
        assert status == 201, started
        self.path = f"/api/v1/conversations/{started['conversation_id']}/messages?wait=5"
        self.token = started["token"]

    def call(self, path, body, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.connection.request("POST", path, json.dumps(body), headers)
        reply = self.connection.getresponse()
        return reply.status, json.loads(reply.read())

    def ask(self, text):
        """Milliseconds until the answer; None when a person has the conversation by now."""
        started = time.perf_counter()
        status, reply = self.call(self.path, {"message": text}, self.token)
        took = (time.perf_counter() - started) * 1000
        assert status == 201, reply
        return took if reply.get("reply") else None


def main(port, seconds):
    customers = [Customer(port) for _ in range(CUSTOMERS)]
    for customer in customers:  # warm
        customer.ask("Hello")
    took, unanswered = [], 0
    begun = time.perf_counter()
    for i in range(int(seconds * PER_SECOND)):
        time.sleep(max(0.0, begun + i / PER_SECOND - time.perf_counter()))
        customer = customers[i % CUSTOMERS]
        # A fresh conversation now and then: twice without a sure answer a person is called, and nobody answers.
        if i >= CUSTOMERS and (i // CUSTOMERS) % 2 == 0:
            customer.begin()
        answer = customer.ask(QUESTIONS[(i // CUSTOMERS + i) % len(QUESTIONS)])
        if answer is None:
            unanswered += 1
        else:
            took.append(answer)
    hundredths = statistics.quantiles(took, n=100)
    print(
        json.dumps(
            {
                "answers": len(took),
                "unanswered": unanswered,
                "answer_p50_ms": round(hundredths[49], 3),
                "answer_p99_ms": round(hundredths[98], 3),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
