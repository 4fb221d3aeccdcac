"""Figures for Prometheus: how many requests, how long, which page. Served to this machine alone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

REQUESTS = Counter("tantam_requests", "Requests answered", ["page", "status"])
SECONDS = Histogram(
    "tantam_request_seconds",
    "Seconds until the answer was ready",
    ["page"],
    buckets=(0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.4, 1, 3, 10),
)
_HERE = ("127.0.0.1", "::1")


class MetricsMiddleware:
    """Counts and times every request by the name of its URL, and answers `/metrics` from loopback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/metrics":
            return _figures(request)
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        page = (match.view_name if match else None) or "other"
        REQUESTS.labels(page, response.status_code).inc()
        SECONDS.labels(page).observe(time.perf_counter() - began)
        return response


def _figures(request: HttpRequest) -> HttpResponse:
    """Of all web workers together when the launcher gave them a folder to share, else of this process."""
    if request.META.get("REMOTE_ADDR") not in _HERE or "HTTP_X_FORWARDED_FOR" in request.META:
        raise Http404
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
