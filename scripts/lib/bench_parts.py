"""What scripts/bench starts and measures beside the server: PostgreSQL, the server's process, the references."""

import contextlib
import glob
import os
import pwd
import re
import shutil
import socket
import statistics
import subprocess
import threading
import time
import urllib.request
from pathlib import Path


class BenchError(Exception):
    pass


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def postgres_tool(name):
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda p: int(Path(p).parts[4]))
    path = found[-1] if found else shutil.which(name)
    if not path:
        raise BenchError(f"{name} is missing: install Debian's postgresql")
    return path


class Cluster:
    """A PostgreSQL cluster with its default configuration, on loopback TCP as pgbench needs it.

    Only max_connections differs, so that pgbench can open 256.
    """

    def __init__(self, folder):
        self.folder, self.port, self.user = folder / "cluster", free_port(), None
        self.folder.mkdir()
        if os.geteuid() == 0:  # PostgreSQL refuses root
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self.folder, self.user)

    def run(self, *command):
        extra = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", **extra)
        if done.returncode:
            raise BenchError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")

    def start(self):
        began = time.monotonic()
        self.run(postgres_tool("initdb"), "-D", f"{self.folder}/data", "-U", "bench", "-A", "trust",
                 "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300"
        self.run(postgres_tool("pg_ctl"), "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log",
                 "-o", options, "start")
        self.sql("CREATE DATABASE chat_centre", database="postgres")
        return time.monotonic() - began

    def sql(self, text, database="chat_centre"):
        subprocess.run([postgres_tool("psql"), "-qX", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench",
                        "-d", database, "-v", "ON_ERROR_STOP=1", "-c", text], check=True)

    def url(self):
        return f"postgresql://bench@127.0.0.1:{self.port}/chat_centre"

    def stop(self):
        with contextlib.suppress(BenchError):
            self.run(postgres_tool("pg_ctl"), "-D", f"{self.folder}/data", "-m", "fast", "-w", "stop")


class Server:
    """The server as `serve` starts it; every default stands, apart from addresses and secrets."""

    email, password, key = "bench@example.com", "a long password for the bench", "bench-key-0123456789abcdef0123456789"

    def __init__(self, binary, folder, database_url=""):
        self.port = free_port()
        self.log = open(folder / f"server-{self.port}.log", "wb")
        environment = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
        environment |= {"PORT": str(self.port), "DATA_DIR": str(folder / f"data-{self.port}"),
                        "ADMIN_EMAIL": self.email, "ADMIN_PASSWORD": self.password, "SYNC_API_KEY": self.key,
                        "LOG_LEVEL": "warn"}
        if database_url:
            environment["DATABASE_URL"] = database_url
        self.began = time.monotonic()
        self.process = subprocess.Popen([os.path.abspath(binary), "serve"], env=environment, cwd=os.getcwd(),
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)

    def wait_ready(self, seconds=60):
        while time.monotonic() - self.began < seconds:
            if self.process.poll() is not None:
                raise BenchError(f"the server ended by itself; its log is {self.log.name}")
            with contextlib.suppress(OSError):
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2) as answer:
                    if answer.status == 200:
                        return time.monotonic() - self.began
            time.sleep(0.005)
        raise BenchError(f"the server was not ready within {seconds} s; its log is {self.log.name}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


PGBENCH_TABLE = """
CREATE TABLE IF NOT EXISTS bench_row (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    body text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS bench_row_conversation ON bench_row (conversation_id);
"""
PGBENCH_SCRIPT = """\\set conversation random(1, 1000)
INSERT INTO bench_row (conversation_id, body) VALUES (:conversation,
    'The documents arrived yesterday, thank you. When will I hear back about the scholarship?');
"""


def pgbench(cluster, folder, clients, seconds):
    """Durable single-row inserts: one a transaction, default protocol, over TCP."""
    script = folder / "insert.sql"
    script.write_text(PGBENCH_SCRIPT)
    for old in folder.glob("pgbench_log*"):
        old.unlink()
    done = subprocess.run(
        [postgres_tool("pgbench"), "-n", "-h", "127.0.0.1", "-p", str(cluster.port), "-U", "bench", "-c", str(clients),
         "-j", str(min(2, clients)), "-T", str(seconds), "-f", str(script), "-l", "--log-prefix",
         str(folder / "pgbench_log"), "chat_centre"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not rate:
        raise BenchError(f"pgbench: {done.stderr.strip()[-400:]}")
    times = []
    for log in folder.glob("pgbench_log*"):
        with open(log) as lines:
            times += [int(line.split(" ", 3)[2]) for line in lines]
        log.unlink()
    times.sort()
    return {"clients": clients, "rows_per_second": float(rate[1]), "p50_ms": times[len(times) // 2] / 1000,
            "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)] / 1000}


def plain_sends(sockets=200, seconds=2.0, size=400):
    """Reference for fan-out: one send() for each event and socket over loopback TCP, as a plain program does it."""
    with socket.create_server(("127.0.0.1", 0), backlog=sockets) as listener:
        reader = os.fork()
        if reader == 0:
            drain(listener.getsockname()[1], sockets)
        ends = [listener.accept()[0] for _ in range(sockets)]
    frame, sent, stop = b"x" * size, 0, time.monotonic() + seconds
    while time.monotonic() < stop:
        for end in ends:
            end.sendall(frame)
        sent += sockets
    for end in ends:
        end.close()
    os.waitpid(reader, 0)
    return sent / seconds


def drain(port, sockets):
    import selectors

    chosen = selectors.DefaultSelector()
    for _ in range(sockets):
        chosen.register(socket.create_connection(("127.0.0.1", port)), selectors.EVENT_READ)
    while chosen.get_map():
        for key, _ in chosen.select():
            if not key.fileobj.recv(1 << 20):
                chosen.unregister(key.fileobj)
    os._exit(0)


class Watch(threading.Thread):
    """Prints a line every 15 s, so that a long measurement is seen to be alive."""

    def __init__(self, what):
        super().__init__(daemon=True)
        self.what, self.over = what, threading.Event()

    def run(self):
        began = time.monotonic()
        while not self.over.wait(15):
            print(f"    {time.monotonic() - began:.0f} s: {self.what}", flush=True)

    def __enter__(self):
        print(f"==> {self.what}", flush=True)
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()


def median_of(rounds, name):
    return statistics.median(one[name] for one in rounds)
