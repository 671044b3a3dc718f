"""One chat-centre process with a data folder of its own on a free port."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg2

from .waiting import until

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(
    os.environ.get("CHAT_CENTRE") or os.environ.get("CHAT_CENTRE_BIN") or ROOT / "build/release/chat-centre"
)

ADMIN_EMAIL = "admin@example.org"
ADMIN_PASSWORD = "blue kettle on the seventh hill"
SYNC_KEY = "sync-key-of-the-tests-0123456789abcdef"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def new_folder():
    # Not below pytest's tmp_path: PostgreSQL, which does not run as root, must be able to walk through to it.
    folder = Path(tempfile.mkdtemp(prefix="cc-test-"))
    folder.chmod(0o755)
    return folder


class Server:
    """Starts nothing by itself: call start(). A context manager that stops the server and removes its folder."""

    def __init__(self, data_dir=None, port=None, database_url=None, **environment):
        self.owns_folder = data_dir is None
        self.data_dir = Path(data_dir) if data_dir else new_folder()
        self.port = port or free_port()
        self.process = None
        self.log_path = self.data_dir / f"server-{self.port}.log"
        # Nothing of the caller's environment but what a program needs: a DATABASE_URL there must not matter.
        self.environment = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "USER", "LANG", "TMPDIR")
            if name in os.environ
        }
        self.environment |= {n: v for n, v in os.environ.items() if n.endswith("SAN_OPTIONS")}
        self.environment |= {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir / "data"),
            "ADMIN_EMAIL": ADMIN_EMAIL,
            "ADMIN_PASSWORD": ADMIN_PASSWORD,
            "SYNC_API_KEY": SYNC_KEY,
            "RATE_LIMIT_SCALE": "100",
        }
        if database_url:
            self.environment["DATABASE_URL"] = database_url
        self.environment |= environment

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        if self.owns_folder:
            self.stop_database()
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def start(self, timeout=120):
        self.launch()
        self.wait_ready(timeout)
        return self

    def launch(self):
        """Starts the process and returns at once."""
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [str(BINARY), "serve"],
                env=self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_ready(self, timeout=120):
        def ready():
            assert (
                self.process.poll() is None
            ), f"the server ended with {self.process.returncode}:\n{self.log()[-4000:]}"
            return self.status_of("/health/ready") == 200

        until(ready, "the server to be ready", timeout)

    def status_of(self, path):
        """The status of a GET; None when the server does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def stop(self, timeout=30):
        """SIGTERM; returns the exit code, None when it was not running."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"the server did not end within {timeout} s of SIGTERM:\n{self.log()[-4000:]}"
            ) from None
        self.process = None
        return code

    def kill(self):
        """kill -9."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    # --- the private cluster ---

    def postmaster_file(self):
        """PostgreSQL's own note of a running cluster: pid, folder, start, port, socket folder."""
        try:
            return (self.data_dir / "data/postgres/data/postmaster.pid").read_text().splitlines()
        except FileNotFoundError:  # at any moment: a server that starts replaces the note of one that was killed
            return None

    def postmaster_pid(self):
        lines = self.postmaster_file()
        return int(lines[0]) if lines else None

    def database_url(self):
        if "DATABASE_URL" in self.environment:
            return self.environment["DATABASE_URL"]
        lines = self.postmaster_file()
        return f"host={lines[4]} port={lines[3]} dbname=chat_centre user=chat_centre"

    def sql(self, query, parameters=()):
        """Runs one statement; the rows, when it has any."""
        connection = psycopg2.connect(self.database_url())
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, parameters)
                return cursor.fetchall() if cursor.description else None
        finally:
            connection.close()

    @contextlib.contextmanager
    def follower_held(self, name):
        """Keeps a follower of the event log from going on, as a busy machine might: what comes meanwhile piles up."""
        connection = psycopg2.connect(self.database_url())
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SELECT event_id FROM follower WHERE name = %s FOR UPDATE", (name,))
                yield
        finally:
            connection.close()

    def stop_database(self):
        """Ends a private cluster that a killed server left behind."""
        pid = self.postmaster_pid() if self.process is None else None
        if pid is None:
            return
        try:
            os.kill(pid, signal.SIGINT)  # fast shutdown
        except ProcessLookupError:
            return
        until(lambda: not Path(f"/proc/{pid}").exists(), "the private cluster to stop")
