from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from tantam.ui import moments
from tantam.ui.tests.pages import rendered


@pytest.fixture(autouse=True)
def in_vietnamese():
    with translation.override("vi"), timezone.override("Asia/Ho_Chi_Minh"):
        yield


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("date_vn", date(2026, 11, 21), "21/11/2026"),
        ("date_vn", datetime(2026, 11, 20, 20, 0, tzinfo=UTC), "21/11/2026"),
        ("datetime_vn", datetime(2026, 11, 21, 7, 30, tzinfo=UTC), "21/11/2026 14:30"),
        ("time_vn", datetime(2026, 11, 21, 7, 5, tzinfo=UTC), "14:05"),
        ("weekday_date", date(2026, 11, 21), "Thứ Bảy, 21/11/2026"),
        ("money_vnd", 1_250_000, "1.250.000\u00a0₫"),
        ("money_vnd", 0, "0\u00a0₫"),
        ("phone_vn", "+84912345678", "0912 345 678"),
        ("phone_uri", "+84912345678", "tel:+84912345678"),
        ("count_vn", 12_345, "12.345"),
        ("count_vn", 1234.5, "1.234,5"),
        ("initials", "Nguyễn Thị Hạnh", "NH"),
    ],
)
def test_how_facts_are_written(source, value, shown):
    assert rendered("{{ value|" + source + " }}", value=value) == shown


@pytest.mark.parametrize(
    "name",
    [
        "date_vn",
        "datetime_vn",
        "time_vn",
        "weekday_date",
        "day_relative",
        "money_vnd",
        "phone_vn",
        "phone_uri",
        "count_vn",
        "age_text",
        "iso",
    ],
)
def test_nothing_is_written_as_nothing(name):
    assert rendered("{{ value|" + name + " }}", value=None) == ""


@pytest.mark.parametrize(
    ("born", "text"),
    [
        (date(2026, 11, 21), "0 ngày tuổi"),
        (date(2026, 3, 2), "8 tháng tuổi"),
        (date(2020, 11, 22), "71 tháng tuổi"),
        (date(2020, 11, 21), "6 tuổi"),
        (1968, "58 tuổi"),
        (2026, "dưới 1 tuổi"),
        (date(2027, 1, 1), ""),
        (2027, ""),
    ],
)
def test_ages_in_words(born, text, monkeypatch):
    monkeypatch.setattr("tantam.ui.templatetags.ui.timezone.localdate", lambda: date(2026, 11, 21))

    assert rendered("{{ value|age_text }}", value=born) == text


@pytest.mark.parametrize(
    ("away", "text"),
    [(0, "hôm nay"), (1, "ngày mai"), (-1, "hôm qua"), (3, "3 ngày nữa"), (-3, "3 ngày trước")],
)
def test_days_near_today_are_told_by_their_distance(away, text):
    assert moments.relative_day(timezone.localdate() + timedelta(days=away)) == text


def test_days_far_away_are_dates():
    assert moments.relative_day(date(2020, 1, 2)) == "02/01/2020"


def test_a_query_keeps_what_is_not_changed():
    request = RequestFactory().get("/?q=hạnh&page=1")
    assert rendered("{% query page=2 q=None %}", request=request) == "?page=2"
    assert "page=3" in rendered("{% query page=3 %}", request=request)
