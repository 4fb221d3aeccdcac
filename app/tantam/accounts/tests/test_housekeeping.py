from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from tantam.accounts.jobs import forget_ended_sessions


def test_sessions_that_ended_are_forgotten_and_others_kept(client, mai, hoa):
    client.force_login(mai)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    UserSession.objects.create(user=hoa, session_key="old", ip="127.0.0.1", user_agent="x")

    forget_ended_sessions.func()

    assert not Session.objects.filter(session_key="old").exists()
    assert not UserSession.objects.filter(session_key="old").exists()
    assert Session.objects.count() == 1
