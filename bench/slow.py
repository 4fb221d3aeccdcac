"""People who send slowly and connections that say nothing, held open beside a measurement. A process of its own.

    python bench/slow.py HOST PORT SENDERS IDLE

Says `ready` when all stand, trickles a byte a second from each sender, ends with its standard input. What the server
closes is opened again, as an attacker would.
"""

from __future__ import annotations

import resource
import select
import socket
import sys
import time

HEAD = (
    "POST /account/login/ HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 50000\r\n\r\nlogin="
)
HALF = "GET /account/login/ HTTP/1.1\r\nHo"
OPENED_AGAIN_A_SECOND = 100


def opened(host: str, port: int, words: str) -> socket.socket:
    connection = socket.create_connection((host, port), timeout=30)
    connection.sendall(words.format(host=host, port=port).encode())
    connection.setblocking(False)
    return connection


def is_open(connection: socket.socket) -> bool:
    try:
        return connection.recv(4096) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def hold(host: str, port: int, senders: int, idle: int) -> None:
    """Hold so many open until standard input ends."""
    wanted = [HEAD] * senders + [HALF] * idle
    standing = [opened(host, port, words) for words in wanted]
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 1)[0]:
        again = OPENED_AGAIN_A_SECOND
        for place, connection in enumerate(standing):
            if not is_open(connection) and again:
                connection.close()
                standing[place] = opened(host, port, wanted[place])
                again -= 1
            elif place < senders:
                try:
                    connection.send(b"a")
                except OSError:
                    continue
        time.sleep(0)


def main() -> None:
    host, port, senders, idle = sys.argv[1], *map(int, sys.argv[2:5])
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    hold(host, port, senders, idle)


if __name__ == "__main__":
    main()
