"""The ASGI application behind live updates: one LISTEN connection, many open pages."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import psycopg
import structlog
from django.conf import settings
from django.core.signing import BadSignature

from tantam.journal.live import CHANNEL, may_hear, prefixes_of

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

HEARTBEAT_SECONDS = 20
QUEUE_LENGTH = 100
MAX_LISTENERS = 2_000

log = structlog.get_logger("tantam.live")


class Hub:
    """Who is listening, and the one task that hears the database."""

    def __init__(self) -> None:
        self.listeners: dict[asyncio.Queue[dict[str, Any]], list[str]] = {}
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.hear())

    async def hear(self) -> None:
        """Listen for ever; a lost database is tried again, with a pause that grows to ten seconds."""
        pause = 0.5
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    pause = 0.5
                    # What happened while we were deaf is unknown, so every page asks again.
                    self.tell({"topic": "*"})
                    async for notification in connection.notifies():
                        self.tell(json.loads(notification.payload))
            except (psycopg.Error, OSError) as error:
                log.warning("live.database_lost", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)

    def tell(self, message: dict[str, Any]) -> None:
        topic = str(message["topic"])
        for queue, prefixes in self.listeners.items():
            if topic != "*" and not may_hear(topic, prefixes):
                continue
            if queue.full():
                # A page that cannot keep up is told to ask for everything again instead.
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"topic": "*"})
            else:
                queue.put_nowait(message)

    def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()


hub = Hub()


def _allowed_origin(headers: dict[bytes, bytes]) -> bytes | None:
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = origin.partition("://")[2].rsplit(":", 1)[0]
    return origin.encode("latin-1") if host and host in settings.ALLOWED_HOSTS else None


async def _plain(send: Send, status: int, body: bytes) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]}
    )
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """`GET /live/?ticket=…` streams `data: {"topic": …}` lines; `GET /health/` answers for the supervisor."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    if scope["path"] == "/health/":
        await _plain(send, 200, b"ok")
        return
    ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
    try:
        prefixes = prefixes_of(ticket)
    except BadSignature:
        await _plain(send, 403, b"ticket refused")
        return
    if len(hub.listeners) >= MAX_LISTENERS:
        await _plain(send, 503, b"too many listeners")
        return
    hub.start()
    await _stream(dict(scope["headers"]), prefixes, receive, send)


async def _stream(headers: dict[bytes, bytes], prefixes: list[str], receive: Receive, send: Send) -> None:
    queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE_LENGTH)
    hub.listeners[queue] = prefixes
    answer = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    origin = _allowed_origin(headers)
    if origin is not None:
        answer += [(b"access-control-allow-origin", origin), (b"vary", b"origin")]
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": answer})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        while not gone.done():
            waiting = asyncio.ensure_future(queue.get())
            await asyncio.wait(
                {waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if gone.done():
                waiting.cancel()
                break
            line = b": still here\n\n"
            if waiting.done():
                line = b"data: " + json.dumps(waiting.result()).encode() + b"\n\n"
            else:
                waiting.cancel()
            await send({"type": "http.response.body", "body": line, "more_body": True})
    finally:
        hub.listeners.pop(queue, None)
        gone.cancel()
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b""})
