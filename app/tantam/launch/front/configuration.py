"""What Caddy is told, as the JSON it reads. Pure: nothing here starts or opens anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

KILOBYTE = 1 << 10
MEGABYTE = 1 << 20

SMALL_BODY = 60_000
"""Bytes anybody may send: more than the longest form somebody fills in who has not signed in."""
FORM_BODY = 2_621_440
"""Bytes a member may send to a page that takes no files; DATA_UPLOAD_MAX_MEMORY_SIZE in config/settings.py."""
LISTS, LIST_BODY = r"^/import/", 4_000_000_000
UPLOADS: tuple[tuple[str, int], ...] = ((LISTS, LIST_BODY), (r"^/patients/[0-9]+/consents/", 32_000_000))
"""Where files are sent to, and how many bytes there; UPLOADS in config/settings.py."""
HELD_OF_AN_UPLOAD = 8 * MEGABYTE
"""Bytes of an upload kept in memory before a web worker takes it over. Longer ones pass through from there on."""

HEADERS = 64 * KILOBYTE
SECONDS_FOR_HEADERS = 10
SECONDS_IDLE = 75
SECONDS_FOR_A_FORM = 60
SECONDS_FOR_AN_UPLOAD = 900
SECONDS_FOR_AN_ANSWER = 600
SECONDS_TO_STOP = 3

SENDER = "/front/sender"
"""Answers 2xx to members who are signed in (config/front.py): asked before anything large is received."""

_KEPT_FOR_EVER = "max-age=315360000, public, immutable"
_KEPT_SHORTLY = "max-age=60, public"
_AWAY = (
    "Hệ thống đang khởi động, xin thử lại sau ít phút.\nThe system is starting; please try again in a moment.\n"
    "系统正在启动，请稍后再试。\n"
)
_MOST = "{http.vars.most}"
_TOO_LARGE = f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Nội dung gửi quá lớn</title></head><body>
<h1>Nội dung gửi quá lớn</h1>
<p>Trang này nhận tối đa {_MOST} mỗi lần gửi. Chưa có gì thay đổi.
Xin quay lại, chọn tệp nhỏ hơn hoặc chia làm nhiều lần.</p>
<p lang="en">This page takes at most {_MOST} at a time. Nothing was changed.
Go back, and send a smaller file or several.</p>
<p lang="zh-Hans">此页面每次最多接收 {_MOST}。未作任何更改。请返回，选择较小的文件或分多次发送。</p>
<p>413</p></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the front stands before, and how it is reached."""

    pages: str
    """Where the web workers listen, as Caddy writes addresses: `unix//path` or `host:port`."""
    live: str
    static: Path
    storage: Path
    listen: Sequence[str]
    """Where pages are asked for; open sockets are `fd/N`."""
    domain: str = ""
    """With a name, pages are answered over TLS for this name alone."""
    port: int = 443
    listen_plain: Sequence[str] = ()
    """With a name: where plain HTTP is answered with a redirect."""
    port_plain: int = 80
    certificate: tuple[str, str] | None = None
    """The files of a certificate of the hospital's own, and of its key; without, one is obtained by ACME."""
    acme: str = ""
    """Directory of another certificate authority than the usual one."""
    acme_roots: Sequence[str] = ()
    list_body: int = LIST_BODY
    """Bytes of the longest list of patients one request may bring."""


def configuration(site: Site) -> Json:
    """The whole configuration."""
    servers: Json = {
        "pages": {
            "listen": list(site.listen),
            "routes": _routes(site),
            "errors": {"routes": _on_error()},
            "automatic_https": {"disable": True},
            "protocols": ["h1", "h2"] if site.domain else ["h1"],
            "read_header_timeout": _seconds(SECONDS_FOR_HEADERS),
            "idle_timeout": _seconds(SECONDS_IDLE),
            # Answer before a refused body has come; otherwise Go waits for a quarter of a megabyte of it first.
            "enable_full_duplex": True,
            "max_header_bytes": HEADERS,
            **({"tls_connection_policies": [{"match": {"sni": [site.domain]}}]} if site.domain else {}),
        }
    }
    apps: Json = {"http": {"servers": servers, "grace_period": _seconds(SECONDS_TO_STOP)}}
    if site.domain:
        servers["plain"] = {
            "listen": list(site.listen_plain),
            "routes": [_redirect(site)],
            "automatic_https": {"disable": True},
            "protocols": ["h1"],
            "read_header_timeout": _seconds(SECONDS_FOR_HEADERS),
            "read_timeout": _seconds(SECONDS_FOR_HEADERS),
            "write_timeout": _seconds(SECONDS_FOR_HEADERS),
            "idle_timeout": _seconds(SECONDS_FOR_HEADERS),
            "max_header_bytes": HEADERS,
        }
        apps["http"] |= {"http_port": site.port_plain, "https_port": site.port}
        apps["tls"] = _certificates(site)
    return {
        # No way to change it while it runs: the launcher writes it at every start.
        "admin": {"disabled": True, "config": {"persist": False}},
        "storage": {"module": "file_system", "root": str(site.storage)},
        "logging": {"logs": {"default": _log()}},
        "apps": apps,
    }


def _log() -> Json:
    # An address may carry what somebody searched for, so no line carries the request.
    hidden = {"filter": "delete"}
    return {
        "level": "WARN",
        "exclude": ["admin"],
        "encoder": {"format": "filter", "wrap": {"format": "json"}, "fields": {"request": hidden}},
    }


def _certificates(site: Site) -> Json:
    if site.certificate is not None:
        certificate, key = site.certificate
        return {"certificates": {"load_files": [{"certificate": certificate, "key": key}]}}
    issuer: Json = {"module": "acme"}
    if site.acme:
        issuer["ca"] = site.acme
    if site.acme_roots:
        issuer["trusted_roots_pem_files"] = list(site.acme_roots)
    return {
        "certificates": {"automate": [site.domain]},
        "automation": {"policies": [{"subjects": [site.domain], "issuers": [issuer]}]},
    }


def _redirect(site: Site) -> Json:
    port = "" if site.port == 443 else f":{site.port}"
    to = f"https://{site.domain}{port}{{http.request.uri}}"
    return {
        "handle": [
            {"handler": "static_response", "status_code": 308, "headers": {"Location": [to]}, "close": True}
        ]
    }


# --- routes ------------------------------------------------------------------------------------------------------


def _routes(site: Site) -> list[Json]:
    """Every request ends in exactly one of these; the first that fits."""
    quiet: Json = {"handler": "headers", "response": {"deferred": True, "delete": ["Server", "Via"]}}
    routes: list[Json] = [{"handle": [quiet]}]
    if site.domain:
        elsewhere = {"not": [{"host": [site.domain]}]}
        routes.append(
            {
                "match": [elsewhere],
                "handle": [{"handler": "static_response", "status_code": 421}],
                "terminal": True,
            }
        )
    routes += [
        {
            "match": [{"method": ["TRACE", "TRACK", "CONNECT"]}],
            "handle": [{"handler": "static_response", "status_code": 405}],
            "terminal": True,
        },
        _static(site),
        _live(site),
        *(
            _pages_with_large_bodies(site, pattern, site.list_body if pattern == LISTS else most)
            for pattern, most in UPLOADS
        ),
        _pages_with_large_bodies(site, "", FORM_BODY),
        _pages(site, [{"method": ["GET", "HEAD", "OPTIONS"]}], SECONDS_FOR_AN_ANSWER),
        _pages(site, [], SECONDS_FOR_A_FORM),
    ]
    return routes


def _static(site: Site) -> Json:
    """Files the collected folder holds, compressed beforehand; names that carry a digest are kept for ever."""
    headers: Json = {
        "X-Content-Type-Options": ["nosniff"],
        "Referrer-Policy": ["same-origin"],
        "Cross-Origin-Opener-Policy": ["same-origin"],
    }
    if site.domain:
        headers["Strict-Transport-Security"] = ["max-age=31536000; includeSubDomains; preload"]
    kept = {"handler": "headers", "response": {"set": {"Cache-Control": ["{http.vars.kept}"], **headers}}}
    files: Json = {
        "handler": "file_server",
        "root": str(site.static),
        "hide": ["staticfiles.json"],
        "index_names": [],
        "canonical_uris": False,
        "precompressed": {"gzip": {}, "br": {}, "zstd": {}},
        "precompressed_order": ["zstd", "br", "gzip"],
    }
    inner = [
        {"handle": [{"handler": "vars", "kept": _KEPT_SHORTLY}]},
        {
            "match": [{"path_regexp": {"pattern": r"\.[0-9a-f]{12}\.[a-z0-9]+$"}}],
            "handle": [{"handler": "vars", "kept": _KEPT_FOR_EVER}],
        },
        {"handle": [kept, {"handler": "rewrite", "strip_path_prefix": "/static"}, files]},
    ]
    return {
        "match": [{"path": ["/static/*"], "method": ["GET", "HEAD"]}],
        "handle": [*_receive(KILOBYTE, SECONDS_FOR_A_FORM), {"handler": "subroute", "routes": inner}],
        "terminal": True,
    }


def _live(site: Site) -> Json:
    """Server-sent events: passed on as they come, for as long as the page is open."""
    proxy: Json = {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": site.live}],
        "flush_interval": -1,
        "transport": {"protocol": "http", "dial_timeout": "5s", "keep_alive": {"enabled": False}},
    }
    return {
        "match": [{"path": ["/live/*"], "method": ["GET"]}],
        # These streams have no deadline, so nobody may have a body to send slowly.
        "handle": [{"handler": "subroute", "routes": [_refuse(_WITH_A_BODY, 0), {"handle": [proxy]}]}],
        "terminal": True,
    }


def _pages_with_large_bodies(site: Site, path: str, most: int) -> Json:
    """What is larger than a small form, or does not say how large it is: refused above the limit before anything
    is received, and received at all only when the door lets its sender in."""
    unclear_or_large: list[Json] = [_longer_than(SMALL_BODY), _OF_UNKNOWN_LENGTH]
    where: Json = {"path_regexp": {"pattern": path}} if path else {}
    refuse = _refuse([_longer_than(most)], most)
    is_upload = bool(path)
    seconds = SECONDS_FOR_AN_UPLOAD if is_upload else SECONDS_FOR_A_FORM
    held = min(most, HELD_OF_AN_UPLOAD)
    take = {
        "handle": [_ask_the_door(site), *_receive(most, seconds), _compress(), _pass_to_pages(site, held)],
        "terminal": True,
    }
    return {
        "match": [where | one for one in unclear_or_large],
        "handle": [{"handler": "subroute", "routes": [refuse, take]}],
        "terminal": True,
    }


def _longer_than(most: int) -> Json:
    length = "{http.request.header.Content-Length}"
    return {"expression": f'{length} != "" && int({length}) > {most}'}


_OF_UNKNOWN_LENGTH: Json = {"header": {"Transfer-Encoding": ["*"]}}
_WITH_A_BODY = [_longer_than(0), _OF_UNKNOWN_LENGTH]


def _refuse(match: list[Json], most: int) -> Json:
    """413 before anything is received."""
    return {
        "match": match,
        "handle": [_say_most(most), {"handler": "error", "status_code": 413}],
        "terminal": True,
    }


def _pages(site: Site, match: list[Json], seconds: int) -> Json:
    handle = [*_receive(SMALL_BODY, seconds), _compress(), _pass_to_pages(site, SMALL_BODY)]
    return {**({"match": match} if match else {}), "handle": handle, "terminal": True}


def _receive(most: int, seconds: int) -> list[Json]:
    """How much may come, and within what time; the time for reading also ends what waits for its answer."""
    second = 1_000_000_000  # this handler knows no units
    deadlines = {"read_timeout": seconds * second, "write_timeout": SECONDS_FOR_AN_ANSWER * second}
    return [
        _say_most(most),
        {"handler": "request_body", "max_size": most},
        {"handler": "timeouts", **deadlines},
    ]


def _say_most(most: int) -> Json:
    """Keeps how much may come, for the page that says it was more."""
    number, unit = (most / 1_000_000, "MB") if most >= 1_000_000 else (most / 1_000, "kB")
    return {"handler": "vars", "most": f"{round(number, 1):g} {unit}"}


def _compress() -> Json:
    return {
        "handler": "encode",
        "encodings": {"zstd": {"level": "fastest"}, "gzip": {"level": 4}},
        "prefer": ["zstd", "gzip"],
        "minimum_length": 1_024,
    }


def _pass_to_pages(site: Site, held: int) -> Json:
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": site.pages}],
        # One byte more than may come: only then does Caddy see the end of the longest body before it passes it on.
        "request_buffers": held + 1,
        "transport": {
            "protocol": "http",
            "dial_timeout": "5s",
            "compression": False,
            "keep_alive": {"enabled": True, "idle_timeout": "20s", "max_idle_conns_per_host": 64},
        },
    }


def _ask_the_door(site: Site) -> Json:
    """Ask the product whether the sender is signed in. Its refusal (a way to the sign-in page) is the answer then."""
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": site.pages}],
        "rewrite": {"method": "GET", "uri": SENDER},
        "headers": {"request": {"delete": ["Content-Length", "Content-Type", "Transfer-Encoding"]}},
        "handle_response": [
            {"match": {"status_code": [2]}, "routes": [{"handle": [{"handler": "vars"}]}]},
        ],
        "transport": {"protocol": "http", "dial_timeout": "5s", "compression": False},
    }


def _on_error() -> list[Json]:
    """Words for what the product could not answer itself."""
    plain = {"Content-Type": ["text/plain; charset=utf-8"], "Cache-Control": ["no-store"]}
    status = "{http.error.status_code}"
    return [
        {
            "match": [{"expression": f"{status} == 413"}],
            "handle": [
                {
                    "handler": "static_response",
                    "status_code": 413,
                    "headers": plain | {"Content-Type": ["text/html; charset=utf-8"]},
                    "body": _TOO_LARGE,
                    "close": True,
                }
            ],
        },
        {
            "match": [{"expression": f"{status} in [502, 503, 504]"}],
            "handle": [
                {
                    "handler": "static_response",
                    "status_code": 503,
                    "headers": plain | {"Retry-After": ["5"]},
                    "body": _AWAY,
                }
            ],
        },
    ]


def _seconds(number: int) -> str:
    return f"{number}s"
