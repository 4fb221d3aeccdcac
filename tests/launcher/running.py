"""The whole product through `./tantam`, as somebody would start it."""

import http.client
import os
import signal
import socket
import subprocess
import threading
import time

from tantam.launch.places import CHECKOUT


class Running:
    """One `./tantam up` and what it said."""

    def __init__(self, data, port, *options):
        self.data, self.port, self.said = data, port, ""
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith(("TANTAM_", "COV"))
        }
        options = ["--data", str(data), "--port", str(port), "--workers", "1", *options]
        self.process = subprocess.Popen(
            [str(CHECKOUT / "tantam"), "up", *options],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.said += line

    def wait_until_ready(self, within=300):
        began = time.monotonic()
        while "ready after" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() - began < within, self.said
            time.sleep(0.05)
        return time.monotonic() - began

    def wait_until_said(self, words, within=30):
        deadline = time.monotonic() + within
        while words not in self.said:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def command(self, name, *arguments):
        """Another command beside the running product, on its database."""
        return subprocess.run(
            [str(CHECKOUT / "tantam"), name, "--data", str(self.data), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(45)
        self._reader.join(5)
        self.process.stdout.close()
        return code


_given = set()


def free_port():
    """A port with a free neighbour, given to nobody yet."""
    while True:
        with socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                next_one.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            if not {port, port + 1} & _given:
                _given.update((port, port + 1))
                return port
