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

from tantam.journal.live import CHANNEL, Ticket, may_hear, ticket_of

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

HEARTBEAT_SECONDS = 20
QUEUE_LENGTH = 100
MAX_LISTENERS = 2_000
MAX_OF_A_MEMBER = 12
"""More open pages than anybody works with; one more closes the oldest."""
SECONDS_BETWEEN_CHECKS = 30

Message = dict[str, Any]

# A session lasts while both stand: ending it takes its line, its time running out or signing out takes the other.
_LASTING = """
SELECT line.id FROM usersessions_usersession line JOIN django_session kept USING (session_key)
WHERE line.id = ANY(%s) AND kept.expire_date > now()"""

log = structlog.get_logger("tantam.live")


class Hub:
    """Who is listening, and the one task that hears the database."""

    def __init__(self) -> None:
        self.listeners: dict[asyncio.Queue[Message | None], Ticket] = {}
        self.task: asyncio.Task[None] | None = None
        self.checking: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.hear())
        if self.checking is None or self.checking.done():
            self.checking = asyncio.get_running_loop().create_task(self.check_for_ever())

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

    async def check_for_ever(self) -> None:
        """Close the streams of sessions that ended without a word: time ran out, or the browser signed out."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
            lasting = await lasting_of({ticket.session for ticket in self.listeners.values()})
            if lasting is not None:
                self.close_those_not_in(lasting)

    def close_those_not_in(self, lasting: set[int]) -> None:
        self.close(lambda ticket: ticket.session not in lasting)

    def close(self, ends: Callable[[Ticket], bool]) -> None:
        for queue in [queue for queue, ticket in self.listeners.items() if ends(ticket)]:
            self.listeners.pop(queue, None)
            _put(queue, None)

    def add(self, queue: asyncio.Queue[Message | None], ticket: Ticket) -> None:
        """Let a page listen; the member's oldest stream gives way when there are too many."""
        mine = [other for other, held in self.listeners.items() if held.member == ticket.member]
        for oldest in mine[: max(0, len(mine) - MAX_OF_A_MEMBER + 1)]:
            self.listeners.pop(oldest, None)
            _put(oldest, None)
        self.listeners[queue] = ticket

    def tell(self, message: Message) -> None:
        topic = str(message["topic"])
        if topic.startswith("session:"):
            self.close(lambda ticket: topic == f"session:{ticket.session}:ended")
            return
        for queue, ticket in self.listeners.items():
            if topic != "*" and not may_hear(topic, ticket.prefixes):
                continue
            if queue.full():
                # A page that cannot keep up is told to ask for everything again instead.
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"topic": "*"})
            else:
                queue.put_nowait(message)

    def stop(self) -> None:
        for task in (self.task, self.checking):
            if task is not None:
                task.cancel()


hub = Hub()


def _put(queue: asyncio.Queue[Message | None], message: Message | None) -> None:
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(message)


# A restart brings every page back at once; they are asked for one after the other.
_asking = asyncio.Lock()


async def lasting_of(sessions: set[int]) -> set[int] | None:
    """Which of these sessions still last; None when the database cannot be asked just now."""
    if not sessions:
        return set()
    try:
        async with _asking:
            connection = await psycopg.AsyncConnection.connect(settings.DATABASE_URL, autocommit=True)
            async with connection:
                found = await connection.execute(_LASTING, [sorted(sessions)])
                return {int(line) for (line,) in await found.fetchall()}
    except (psycopg.Error, OSError) as error:
        log.warning("live.sessions_not_checked", error=type(error).__name__)
        return None


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
        held = ticket_of(ticket)
    except (BadSignature, ValueError, TypeError):
        await _plain(send, 403, b"ticket refused")
        return
    lasting = await lasting_of({held.session})
    if lasting is not None and held.session not in lasting:
        await _plain(send, 403, b"session ended")
        return
    if len(hub.listeners) >= MAX_LISTENERS:
        await _plain(send, 503, b"too many listeners")
        return
    hub.start()
    await _stream(dict(scope["headers"]), held, receive, send)


async def _stream(headers: dict[bytes, bytes], ticket: Ticket, receive: Receive, send: Send) -> None:
    queue: asyncio.Queue[Message | None] = asyncio.Queue(QUEUE_LENGTH)
    hub.add(queue, ticket)
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
                if waiting.result() is None:
                    break
                line = b"data: " + json.dumps(waiting.result()).encode() + b"\n\n"
            else:
                waiting.cancel()
            await send({"type": "http.response.body", "body": line, "more_body": True})
    finally:
        hub.listeners.pop(queue, None)
        gone.cancel()
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b""})
