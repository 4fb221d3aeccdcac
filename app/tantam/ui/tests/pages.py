"""Ways to render pages of this room without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import BaseStorage, Message
from django.http import HttpRequest, HttpResponse
from django.template import Template, engines
from django.test import RequestFactory
from django.urls import path
from django_cotton.compiler_regex import CottonCompiler


@dataclass(frozen=True)
class Place:
    pk: int
    name: str


@dataclass(frozen=True)
class Somebody:
    full_name: str = "Lê Thị Mai"
    language: str = "vi"
    theme: str = "dark"


class NoMessages(BaseStorage):
    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message], bool]:
        return [], True

    def _store(
        self, messages: list[Message], response: HttpResponse, *args: Any, **kwargs: Any
    ) -> list[Message]:
        return []


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Places:
    """A URLconf with a few places."""

    urlpatterns = [
        path("patients/", nothing, name="patients"),
        path("patients/new/", nothing, name="patient-new"),
        path("calls/", nothing, name="calls"),
        path("calls/<int:call_id>/", nothing, name="call"),
        path("calls/<int:call_id>/steps/<int:step_id>/", nothing, name="call-step"),
    ]


@dataclass
class Encounter:
    """What the door knows about a visit."""

    path: str = "/calls/"
    permissions: frozenset[str] = frozenset()
    member: Somebody | None = field(default_factory=Somebody)
    sites: tuple[Place, ...] = (Place(1, "Quận 5"), Place(2, "Bình Thạnh"))

    def request(self) -> HttpRequest:
        request: Any = RequestFactory().get(self.path)
        request.user = AnonymousUser()
        request._messages = NoMessages(request)
        if self.member is not None:
            request.member = self.member
            request.permissions = self.permissions
            request.sites = list(self.sites)
            request.site = self.sites[0]
        return request


def template(source: str) -> Template:
    """A template written in the test, with components."""
    engine = engines["django"]
    return engine.from_string(CottonCompiler().process(source))


def rendered(source: str, **context: Any) -> str:
    """The page as a browser reads it: where a template breaks its lines makes no difference."""
    page = re.sub(r"[ \n]+", " ", str(template(source).render(context)))
    return page.replace("> <", "><").replace(" >", ">")
