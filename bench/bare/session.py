"""Prints the keys of fresh sessions, one per user name given: what a sign-in leaves."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bench.bare.models import Somebody

    for somebody in Somebody._default_manager.filter(username__in=sys.argv[1:]):
        store = SessionStore()
        store[SESSION_KEY] = str(somebody.pk)
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store[HASH_SESSION_KEY] = somebody.get_session_auth_hash()
        store.create()
        print(store.session_key)
