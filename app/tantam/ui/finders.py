"""Serves a short list of files out of node_modules as `vendor/…`; the thousands beside them stay private."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

_FONT = "@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"

SERVED: dict[str, str] = {
    "vendor/tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tom-select/tom-select.js": "tom-select/dist/js/tom-select.complete.min.js",
    "vendor/echarts/echarts.js": "echarts/dist/echarts.esm.min.js",
    **{
        f"vendor/be-vietnam-pro/{subset}-{weight}.woff2": _FONT.format(subset=subset, weight=weight)
        for subset in ("latin", "vietnamese")
        for weight in (400, 500, 600, 700)
    },
}
"""Address below STATIC_URL → path below node_modules."""


@cache
def node_modules() -> Path:
    """Where npm put the browser parts: NODE_MODULES_DIR, else beside package.json."""
    configured = getattr(settings, "NODE_MODULES_DIR", None)
    return Path(configured) if configured else Path(__file__).resolve().parents[3] / "node_modules"


class NodeModulesStorage(FileSystemStorage):
    """node_modules seen through the list above, and nothing else."""

    def path(self, name: str) -> str:
        return str(node_modules() / SERVED[name])

    def exists(self, name: str) -> bool:
        return name in SERVED and Path(self.path(name)).is_file()


class NodeModulesFinder(BaseFinder):
    """A staticfiles finder over `SERVED`."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = NodeModulesStorage(location=str(node_modules()))

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if not self.storage.exists(path):
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in SERVED:
            if self.storage.exists(name):
                yield name, self.storage
