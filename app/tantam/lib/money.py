"""Money is whole đồng, as integers. Nothing is lost when an amount is divided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from tantam.lib.errors import Refusal
from tantam.lib.text import shorten


class MoneyInvalid(Refusal):
    message = _("“%(value)s” is not an amount in đồng. Write it like 1.250.000.")


_CURRENCY = re.compile(r"(?:₫|đồng|đ|dong|vnđ|vnd)\s*$|^\s*(?:₫|vnđ|vnd)", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:([.,\s'])\d{3}(?:\1\d{3})*)?(?:[.,]0{1,2})?|\d+(?:[.,]0{1,2})?", re.ASCII)
_SCALED = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?\s*(k|nghìn|ngàn|ng|tr|triệu|tỷ|tỉ)", re.IGNORECASE)
_SCALES: Final = {
    **dict.fromkeys(("k", "ng", "nghìn", "ngàn"), 1_000),
    **dict.fromkeys(("tr", "triệu"), 1_000_000),
    **dict.fromkeys(("tỷ", "tỉ"), 1_000_000_000),
}


def format_vnd(amount: int) -> str:
    """Whole đồng as people read it: "1.250.000 ₫"."""
    return f"{amount:,}".replace(",", ".") + " ₫"


def parse_vnd(raw: str | int | float) -> int:
    """Whole đồng from what people type: 1250000, 1.250.000 ₫, 1,250,000đ, 500k, 1,5 triệu.

    Refuses with MoneyInvalid, also parts of a đồng.
    """
    if isinstance(raw, bool):
        raise MoneyInvalid(value=raw)
    if isinstance(raw, int):
        return raw
    if isinstance(raw, float):
        if not raw.is_integer():
            raise MoneyInvalid(value=raw)
        return int(raw)
    shown = shorten(raw, 40)
    if len(raw) > 60:
        raise MoneyInvalid(value=shown)
    text = _CURRENCY.sub("", raw.strip()).strip()
    negative = text[:1] in {"-", "−"}
    text = text[1:].strip() if negative else text
    if match := _SCALED.fullmatch(text):
        whole = Decimal(f"{match[1]}.{match[2] or 0}") * _SCALES[match[3].lower()]
        if whole != int(whole):
            raise MoneyInvalid(value=shown)
        amount = int(whole)
    elif _GROUPED.fullmatch(text):
        amount = int(re.sub(r"\D", "", re.sub(r"[.,]0{1,2}$", "", text)))
    else:
        raise MoneyInvalid(value=shown)
    return -amount if negative else amount


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights so that the parts sum to it exactly (largest remainder).

    Equal remainders go to the earlier part. Weights are not negative and not all 0
    (ValueError).
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative, and one must be above 0")
    sign = -1 if amount < 0 else 1
    parts = [divmod(abs(amount) * weight, total) for weight in weights]
    shares = [whole for whole, _remainder in parts]
    left = abs(amount) - sum(shares)
    by_remainder = sorted(range(len(parts)), key=lambda place: -parts[place][1])
    for place in by_remainder[:left]:
        shares[place] += 1
    return [sign * share for share in shares]
