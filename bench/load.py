"""A light load client: keep-alive connections in one thread, run as a process of its own.

    python bench/load.py < plan.json > figures.json

It shares the machine with what it measures, so it does as little as possible for each request: one send, a few
receives, a look at the status and for a marker in the body. A wrong answer ends the run.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any

RECEIVE = 1 << 17


class WrongAnswer(RuntimeError):
    """A request was not answered with 200 and its marker: there is nothing to measure."""


@dataclass(slots=True)
class Wanted:
    """One request of the mix, made once and sent many times."""

    kind: str
    path: str
    request: bytes
    marker: bytes


@dataclass(slots=True)
class Connection:
    """One keep-alive connection: what it asked last, and what has come so far."""

    address: tuple[str, int]
    mix: list[Wanted]
    chance: Random
    connection: socket.socket | None = None
    asked: Wanted | None = None
    since: float = 0.0
    came: bytearray = field(default_factory=bytearray)
    ends_at: int = -1
    at: int = 0

    def open(self) -> socket.socket:
        self.connection = socket.create_connection(self.address, timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.connection

    def ask(self) -> None:
        if self.at % len(self.mix) == 0:
            self.chance.shuffle(self.mix)
        self.asked = self.mix[self.at % len(self.mix)]
        self.at += 1
        self.came.clear()
        self.ends_at = -1
        assert self.connection is not None
        self.since = time.perf_counter()
        self.connection.sendall(self.asked.request)

    def receive(self) -> bool:
        """Take in what has come; whether the answer is whole."""
        assert self.connection is not None
        piece = self.connection.recv(RECEIVE)
        if not piece:
            raise WrongAnswer(f"the server closed the connection during {self.asked and self.asked.path}")
        self.came += piece
        if self.ends_at < 0:
            head = self.came.find(b"\r\n\r\n")
            if head < 0:
                return False
            self.ends_at = self._end(head)
        return len(self.came) >= self.ends_at if self.ends_at else self.came.endswith(b"0\r\n\r\n")

    def _end(self, head: int) -> int:
        headers = bytes(self.came[:head]).lower()
        if not headers.startswith(b"http/1.1 200"):
            status = headers.split(b"\r\n", 1)[0].decode(errors="replace")
            raise WrongAnswer(f"{self.asked and self.asked.path}: {status}")
        _before, found, after = headers.partition(b"\r\ncontent-length:")
        return head + 4 + int(after.split(b"\r\n", 1)[0]) if found else 0

    def check(self) -> None:
        if self.asked is not None and self.asked.marker not in self.came:
            raise WrongAnswer(f"{self.asked.path}: the answer lacks {self.asked.marker.decode()!r}")


def connections(plan: dict[str, Any]) -> list[Connection]:
    """As many connections as there are cookies, each with its list of requests under its own session."""
    made = []
    for number, cookie in enumerate(plan["cookies"]):
        mix = [
            Wanted(kind, path, _request(plan, path, cookie), marker.encode())
            for kind, path, marker in plan["requests"][number % len(plan["requests"])]
        ]
        made.append(Connection((plan["host"], plan["port"]), mix, Random(number)))
    return made


def _request(plan: dict[str, Any], path: str, cookie: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {plan['host']}:{plan['port']}", "Accept: text/html"]
    lines += [f"{name}: {value}" for name, value in plan["headers"].items()]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Warm up for a while, then measure; answers counts and latencies (milliseconds) of each kind."""
    chooser = selectors.DefaultSelector()
    all_connections = connections(plan)
    samples: dict[str, list[float]] = {}
    bytes_read = asked = 0
    for one in all_connections:
        chooser.register(one.open(), selectors.EVENT_READ, one)
        one.ask()
    warm_until = time.perf_counter() + plan["warm_up"]
    began = ends = 0.0
    waiting = len(all_connections)
    while waiting:
        for key, _events in chooser.select(timeout=30):
            one = key.data
            if not one.receive():
                continue
            now = time.perf_counter()
            one.check()
            asked += 1
            if began and one.asked is not None:
                samples.setdefault(one.asked.kind, []).append((now - one.since) * 1000)
                bytes_read += len(one.came)
            elif not began and now >= warm_until:
                began, ends = now, now + plan["seconds"]
            if ends and now >= ends:
                chooser.unregister(key.fileobj)
                waiting -= 1
            else:
                one.ask()
        if ends and time.perf_counter() > ends + 60:
            raise WrongAnswer("an answer did not come within a minute")
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "bytes": bytes_read, "asked": asked, "samples": samples}


def main() -> None:
    try:
        print(json.dumps(run(json.load(sys.stdin))))
    except (WrongAnswer, OSError) as trouble:
        sys.exit(f"bench.load: {trouble}")


if __name__ == "__main__":
    main()
