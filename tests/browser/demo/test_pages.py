"""Every main page, as each role sees it: nothing for axe-core to find in light and dark, nothing cut off on a phone.

A page is loaded once and looked at twice: as wide as a desk in light, and on a phone in dark. The first page of
each role is looked at on a dark desk too, for the frame around all of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db.models import Count
from playwright.sync_api import BrowserContext, Page

from tantam.accounts.models import Practitioner
from tantam.care.models import CareRule, CareTask
from tantam.exchange.engine import running
from tantam.exchange.engine.vault import Upload
from tantam.exchange.operations.runs import receive_files, start_reading
from tantam.exchange.operations.sources import add_source
from tantam.knowledge.models import Guide
from tantam.patients.models import Patient
from tantam.records.models import Encounter
from tests.browser.conftest import DESK, PHONE
from tests.browser.demo.conftest import Hospital
from tests.browser.demo.reading import hard_to_read, settle

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LIST = """Họ và tên;Năm sinh;SĐT;Ngày tái khám;Cột lạ
Nông Thị Xuân;1944;0912345678;30/02/2026;abc
;1950;09;;
Đỗ Văn Hai;1951-02-31;0987654321;;
""".encode()


@pytest.fixture(scope="package")
def places(hospital: Hospital) -> dict[str, object]:
    """One of each thing that has a page of its own."""
    manager = hospital.member("quanly")
    tasks = CareTask.objects.filter(status="open", site__code="sai-gon", claimed_by=None, action="call")
    task = tasks.exclude(reexamination=None).filter(patient__allergies__isnull=False).first() or tasks.first()
    assert task is not None
    site = task.site
    encounters = Encounter.objects.filter(site=site, prescription_lines__isnull=False)
    source = add_source(name="Sổ giấy của phòng khám", site=site, kind="sheet", actor=manager)
    files = [Upload("danh_sach_tai_kham_thang_11.csv", io.BytesIO(LIST))]
    received = receive_files(source, uploads=files, actor=manager)
    run = receive_files(source, uploads=[Upload(files[0].name, io.BytesIO(LIST))], actor=manager)
    running.read_and_check(start_reading(run, in_background=False, actor=manager).pk)
    return {
        "task": task.pk,
        "patient": task.patient_id,
        "encounter": (encounters.filter(patient=task.patient).first() or encounters.first()).pk,
        "rule": CareRule.objects.filter(is_active=True).first().pk,
        "guide": Guide.objects.first().pk,
        "site": site.pk,
        "member": hospital.member("mai.cskh").pk,
        "doctor": hospital.member("bs.son").pk,
        "received": received.pk,
        "run": run.pk,
        "message": CareTask.objects.filter(status="open", action="message")
        .values_list("pk", flat=True)
        .first(),
        "busiest": Practitioner.objects.filter(member__isnull=False)
        .annotate(found=Count("findings"))
        .order_by("-found")
        .values_list("member__username", flat=True)
        .first(),
        "old": Patient.objects.order_by("birth_year").values_list("pk", flat=True).first(),
    }


PAGES = {
    "mai.cskh": (
        "/", "/care/", "/care/?tab=mine", "/care/calls/{task}/", "/patients/", "/patients/{patient}/",
        "/patients/{patient}/timeline/", "/patients/{patient}/allergies/", "/patients/{patient}/consents/",
        "/patients/{patient}/details/", "/patients/{patient}/history/", "/search/?q=nguyen", "/search/?q=qqqq",
        "/bell/", "/knowledge/guides/{guide}/",
    ),
    "bs.son": (
        "/", "/my-patients/", "/patients/{patient}/", "/patients/{patient}/encounters/new/", "/encounters/{encounter}/",
        "/encounters/{encounter}/correction/",
    ),
    # Whoever care has learnt most for: their page is full on any day of the week.
    "busiest": ("/my-patients/", "/"),
    "letan.lan": ("/", "/patients/new/", "/patients/{old}/", "/patients/{old}/details/person/"),
    "quanly": (
        "/", "/care/?site=all", "/care/tasks/{task}/", "/care/dashboard/", "/care/rules/", "/care/rules/new",
        "/care/rules/{rule}/", "/import/", "/import/new/", "/import/{received}/columns/", "/import/{run}/",
        "/knowledge/guides/", "/knowledge/guides/{guide}/edit/", "/settings/organisation/", "/settings/sites/",
        "/settings/sites/{site}/", "/settings/holidays/",
    ),
    "quantri": (
        "/", "/members/", "/members/{member}/", "/members/invitations/new/", "/members/roles/", "/journal/", "/me/",
        "/members/roles/new/", "/members/roles/idling/",
        "/account/security/", "/me/sessions/", "/account/password/change/",
    ),
    "dulieu.binh": (
        "/", "/patients/{patient}/looks/", "/patients/{patient}/consents/", "/settings/consent-texts/",
        "/settings/consent-texts/care_contact/", "/journal/",
    ),
    "troly.hanh": ("/", "/my-patients/"),
    "dieuduong.thu": ("/", "/care/", "/patients/{patient}/"),
    "ktv.phong": ("/", "/patients/{patient}/"),
    "tuvan.ngoc": ("/", "/care/calls/{task}/"),
    "thungan.yen": ("/", "/patients/{patient}/"),
    "marketing.long": ("/", "/care/dashboard/"),
    "khieunai.dung": ("/",),
    "daotao.ha": ("/",),
    "kiemsoat.vinh": ("/", "/patients/{patient}/looks/"),
    "": ("/account/login/", "/account/password/reset/", "/join/nothing/", "/setup/nothing/"),
}  # fmt: skip


AXE = Axe()


def _axe(page: Page, only: Iterable[str] = ()) -> list[str]:
    # Style sheets are not fetched again: no rule that runs here reads them.
    options: dict[str, object] = {"preload": False, "resultTypes": ["violations"]}
    if only:
        options["runOnly"] = {"type": "rule", "values": list(only)}
    found = AXE.run(page, options=options)
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"][:3]
    ]


@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "nobody")
def test_nothing_to_find_on_the_pages_of(hospital, places, context: BrowserContext, page, sign_in, who):
    """D9, WCAG 2.2 AA: contrast, names, labels, order; 390 px without scrolling sideways or words cut off."""
    if who:
        sign_in(hospital.member(str(places["busiest"]) if who == "busiest" else who))
    wrong: dict[str, list[str]] = {}
    for path in PAGES[who]:
        address = path.format(**places)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        answer = page.goto(address)
        page.locator("html[data-ready]").wait_for(state="attached")
        # What the page fetches by itself has arrived (waiting for a silent network would cost half a second each).
        page.wait_for_load_state("load")
        page.wait_for_timeout(50)
        page.locator("body:not(:has(.htmx-request))").wait_for(state="attached")
        status = answer.status if answer else 0
        if status != (410 if "nothing" in path else 200) or path.split("?")[0].endswith("/login/") != (
            "/account/login/" in page.url
        ):
            wrong[address] = [f"answered {status} at {page.url}"]
            continue
        settle(page)
        problems = [f"desk, light: {one}" for one in _axe(page) + hard_to_read(page)]
        page.emulate_media(color_scheme="dark")
        page.locator("html[data-bs-theme=dark]").wait_for(state="attached")
        if path == PAGES[who][0]:
            settle(page)
            problems += [f"desk, dark: {one}" for one in _axe(page, only=["color-contrast"])]
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        settle(page)
        problems += [f"phone, dark: {one}" for one in _axe(page) + hard_to_read(page)]
        if problems:
            wrong[address] = problems
    assert not wrong, "\n".join(f"{address}\n  " + "\n  ".join(found) for address, found in wrong.items())
