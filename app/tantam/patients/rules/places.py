"""Provinces and communes as they are since 1 July 2025: 34 provinces, two levels (Resolution 202/2025/QH15).

Names are stored as text. What was written before, with its district, stays as it was written.
"""

from __future__ import annotations

from functools import lru_cache

from vietnam_provinces import Province, Ward

from tantam.lib.names import fold


@lru_cache(maxsize=1)
def provinces() -> tuple[str, ...]:
    """Every province and city by name, the five largest cities first as people look for them."""
    names = [province.name for province in Province.iter_all()]
    cities = [name for name in names if name.startswith("Thành phố")]
    return tuple(sorted(cities, key=fold) + sorted((name for name in names if name not in cities), key=fold))


@lru_cache(maxsize=64)
def communes(province: str) -> tuple[str, ...]:
    """Communes, wards and special zones of a province, by name; nothing for a name we do not know."""
    code = next((one.code for one in Province.iter_all() if one.name == province), None)
    if code is None:
        return ()
    return tuple(sorted((ward.name for ward in Ward.iter_by_province(code)), key=fold))
