"""Who may listen to live updates, for how long, and how often at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from tantam.journal.live import Ticket, ticket_for
from tantam.journal.serving import stream


def _page(hub, member=7, session=3):
    queue: asyncio.Queue = asyncio.Queue(stream.QUEUE_LENGTH)
    hub.add(queue, Ticket([f"member:{member}"], member, session))
    return queue


def test_a_stream_ends_with_its_session():
    hub = stream.Hub()
    ended, other = _page(hub, session=3), _page(hub, session=4)

    hub.tell({"topic": "session:3:ended"})

    assert ended.get_nowait() is None
    assert other.empty()
    assert list(hub.listeners) == [other]


def test_a_member_has_so_many_streams_and_the_oldest_gives_way():
    hub = stream.Hub()
    pages = [_page(hub) for _each in range(stream.MAX_OF_A_MEMBER)]
    _page(hub, member=8)

    _page(hub)

    assert pages[0].get_nowait() is None
    assert sum(ticket.member == 7 for ticket in hub.listeners.values()) == stream.MAX_OF_A_MEMBER
    assert len(hub.listeners) == stream.MAX_OF_A_MEMBER + 1


def test_streams_of_sessions_that_ended_without_a_word_are_closed():
    hub = stream.Hub()
    gone, lasting = _page(hub, session=3), _page(hub, session=4)

    hub.close_those_not_in({4})

    assert gone.get_nowait() is None
    assert list(hub.listeners) == [lasting]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["lasting", "run-out", "ended", "forged"])
def test_a_ticket_is_good_while_its_session_lasts(mai, what, settings):
    from django.db import connection

    of = connection.settings_dict
    settings.DATABASE_URL = f"dbname={of['NAME']} user={of['USER']} host={of['HOST']} " + " ".join(
        f"{key}={value}" for key, value in (("password", of["PASSWORD"]), ("port", of["PORT"])) if value
    )
    now = timezone.now()
    expires = now - timedelta(minutes=1) if what == "run-out" else now + timedelta(hours=1)
    line = UserSession.objects.create(user=mai, session_key="a", ip="10.0.0.7", user_agent="x")
    if what != "ended":
        Session.objects.create(session_key="a", session_data="", expire_date=expires)
    ticket = ticket_for([f"member:{mai.pk}"], member=mai.pk, session=line.pk)
    sent: list[dict] = []

    async def ask() -> None:
        asked = ticket + "x" if what == "forged" else ticket
        scope = {"type": "http", "path": "/live/", "query_string": f"ticket={asked}".encode(), "headers": []}

        async def receive():
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        stream.hub = stream.Hub()
        stream.hub.start = lambda: None
        await stream.application(scope, receive, send)

    # In a thread of its own: where browser tests ran before, this one has a loop already.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(ask())).result()

    assert sent[0]["status"] == (200 if what == "lasting" else 403)
