"""The server browsers talk to: Caddy, from a wheel, in front of the pages and the live updates.

It receives whole requests before a web worker hears of them, so that a slow or endless sender costs nobody
a worker; it bounds what may be sent, serves the static files, compresses, and keeps certificates.
"""
