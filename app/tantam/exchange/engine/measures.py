"""Vital signs in our units (UCUM), from the units hospitals use."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tantam.exchange.engine.problems import Problem
from tantam.exchange.engine.reasons import NO_VALUE, UNIT_UNKNOWN, VALUE_IMPOSSIBLE
from tantam.records.models import VitalKind

# Every LOINC code that says one of ours by another way of measuring.
VITALS: Final[dict[str, str]] = {
    **{str(kind): str(kind) for kind in VitalKind},
    "2708-6": VitalKind.OXYGEN,
    "8331-1": VitalKind.TEMPERATURE,
    "8328-7": VitalKind.TEMPERATURE,
    "8329-5": VitalKind.TEMPERATURE,
    "8332-9": VitalKind.TEMPERATURE,
    "8333-7": VitalKind.TEMPERATURE,
    "3141-9": VitalKind.WEIGHT,
    "8341-0": VitalKind.WEIGHT,
    "3137-7": VitalKind.HEIGHT,
    "8306-3": VitalKind.HEIGHT,
    "3138-5": VitalKind.HEIGHT,
}

_Unit = tuple[str, Callable[[Decimal], Decimal]]


def _same(value: Decimal) -> Decimal:
    return value


def _times(factor: str) -> Callable[[Decimal], Decimal]:
    return lambda value: value * Decimal(factor)


_PRESSURE: dict[str, Callable[[Decimal], Decimal]] = {
    "mm[hg]": _same,
    "mmhg": _same,
    "mm hg": _same,
    "kpa": _times("7.50062"),
    "cm[hg]": _times("10"),
    "cmhg": _times("10"),
}
_PER_MINUTE: dict[str, Callable[[Decimal], Decimal]] = dict.fromkeys(
    (
        "/min",
        "{beats}/min",
        "{beats}/minute",
        "beats/minute",
        "beats/min",
        "bpm",
        "{breaths}/min",
        "breaths/minute",
        "breaths/min",
        "{breath}/min",
        "lần/phút",
        "l/p",
        "1/min",
        "min-1",
        "per minute",
    ),
    _same,
)
_UNITS: Final[dict[str, tuple[str, dict[str, Callable[[Decimal], Decimal]]]]] = {
    VitalKind.SYSTOLIC: ("mm[Hg]", _PRESSURE),
    VitalKind.DIASTOLIC: ("mm[Hg]", _PRESSURE),
    VitalKind.HEART_RATE: ("/min", _PER_MINUTE),
    VitalKind.RESPIRATORY_RATE: ("/min", _PER_MINUTE),
    VitalKind.TEMPERATURE: (
        "Cel",
        {
            **dict.fromkeys(("cel", "°c", "c", "oc", "ºc", "degc", "celsius"), _same),
            **dict.fromkeys(("[degf]", "°f", "f", "degf", "fahrenheit"), lambda value: (value - 32) * 5 / 9),
            "k": lambda value: value - Decimal("273.15"),
        },
    ),
    VitalKind.OXYGEN: ("%", {"%": _same, "percent": _same, "{fraction}": _times("100")}),
    VitalKind.WEIGHT: (
        "kg",
        {
            **dict.fromkeys(("kg", "kgs", "kilogram", "kilograms", "ký"), _same),
            **dict.fromkeys(("g", "gram", "grams", "gr"), _times("0.001")),
            **dict.fromkeys(("[lb_av]", "lb", "lbs", "pound", "pounds", "lb_av"), _times("0.45359237")),
            "[oz_av]": _times("0.028349523"),
        },
    ),
    VitalKind.HEIGHT: (
        "cm",
        {
            **dict.fromkeys(("cm", "centimeter", "centimeters"), _same),
            **dict.fromkeys(("m", "meter", "meters"), _times("100")),
            "mm": _times("0.1"),
            **dict.fromkeys(("[in_i]", "in", "inch", "inches", "[in_us]", "in_i"), _times("2.54")),
            **dict.fromkeys(("[ft_i]", "ft", "feet", "[ft_us]"), _times("30.48")),
        },
    ),
    VitalKind.BMI: ("kg/m2", dict.fromkeys(("kg/m2", "kg/m^2", "kg/m²", "{bmi}"), _same)),
}
# Beyond these nobody lives; such a value was mistyped or is in another unit.
_POSSIBLE: Final[dict[str, tuple[int, int]]] = {
    VitalKind.SYSTOLIC: (20, 350),
    VitalKind.DIASTOLIC: (1, 250),
    VitalKind.HEART_RATE: (0, 400),
    VitalKind.RESPIRATORY_RATE: (0, 200),
    VitalKind.TEMPERATURE: (15, 46),
    VitalKind.OXYGEN: (1, 100),
    VitalKind.WEIGHT: (0, 700),
    VitalKind.HEIGHT: (10, 280),
    VitalKind.BMI: (3, 250),
}
_HUNDREDTH = Decimal("0.01")


def measured(vital: str, value: Decimal | None, unit: str) -> tuple[Decimal, str] | Problem:
    """Value and unit as we keep them, or why they cannot be used. No unit means ours."""
    ours, known = _UNITS[vital]
    if value is None or not value.is_finite():
        return Problem.of("no_value", NO_VALUE, field="value", refuses=True)
    convert = known.get(unit.strip().lower()) if unit.strip() else _same
    if convert is None:
        return Problem.of(
            "unit_unknown", UNIT_UNKNOWN, field="unit", value=f"{value} {unit}", refuses=True, unit=unit[:40]
        )
    lowest, highest = _POSSIBLE[vital]
    if abs(value) > 1_000_000 or not lowest <= convert(value) <= highest:
        return Problem.of(
            "value_impossible",
            VALUE_IMPOSSIBLE,
            field="value",
            value=f"{str(value)[:40]} {unit}",
            refuses=True,
            unit=unit[:40] or ours,
        ).with_params(value=str(value)[:40])
    return convert(value).quantize(_HUNDREDTH), ours
