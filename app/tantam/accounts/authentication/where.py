"""From where a request came, as coarse as the journal may keep it for good."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.text import slugify

from tantam.lib.devices import device_of


@dataclass(frozen=True, slots=True)
class Where:
    """`address`: one machine of the house's own network, or the network of a public address; `device`: its kind."""

    address: str = ""
    device: str = ""


def where_of(request: HttpRequest) -> Where:
    """Address and device of a request for the journal.

    Entries can never be deleted, so they hold no more than finding out what happened takes (A10): an address of a
    private network in full, because it names the workstation; of a public one only its network (/24, /48), because
    the rest tells where somebody lives. The exact address stays with the session, and goes with it.
    """
    return Where(
        _network(address_of(request)), slugify(str(device_of(request.headers.get("User-Agent", ""))))
    )


def address_of(request: HttpRequest) -> str:
    """The client's address as the trusted proxies tell it; empty when there is none."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


def _network(text: str) -> str:
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return ""
    if address.is_private:
        return str(address)
    return str(ip_network(f"{address}/{24 if address.version == 4 else 48}", strict=False))
