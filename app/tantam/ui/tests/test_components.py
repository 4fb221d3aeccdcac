import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.utils import timezone

from tantam.ui.tests.pages import rendered


class Form(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trên giấy tờ.")
    outcome = forms.ChoiceField(
        label="Kết quả", choices=[("a", "Đỡ"), ("b", "Nặng")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Đồng ý")

    def clean(self):
        raise forms.ValidationError("Còn chỗ chưa đúng")


def ids(html):
    return set(re.findall(r'\bid="([^"]+)"', html))


def references(html):
    return {
        one
        for value in re.findall(r'aria-(?:describedby|labelledby|controls)="([^"]+)"', html)
        for one in value.split()
    }


@pytest.mark.parametrize(
    "source",
    [
        "{{ form }}",
        '<c-form-errors :form="form" />{% for field in form %}<c-field :field="field" />{% endfor %}',
    ],
    ids=["renderer", "component"],
)
def test_a_form_ties_labels_help_and_errors_to_its_fields(source):
    html = rendered(source, form=Form({}))

    assert references(html) <= ids(html)
    assert references(html) >= {"id_name_helptext", "id_name_error"}
    assert html.count('aria-invalid="true"') >= 2
    assert 'role="alert"' in html
    assert "Còn chỗ chưa đúng" in html
    assert '<label for="id_name">' in html
    assert "<legend>" in html


def test_what_was_typed_survives_an_error():
    assert 'value="Hạnh &quot;"' in rendered("{{ form.name.as_field_group }}", form=Form({"name": 'Hạnh "'}))


def test_help_given_in_the_template_is_tied_to_the_field():
    html = rendered('<c-field :field="form.agreed" help="Có thể rút lại." />', form=Form())
    assert 'aria-describedby="id_agreed_helptext"' in html
    assert 'id="id_agreed_helptext"' in html


def test_an_icon_button_has_a_name_and_does_not_submit():
    html = rendered('<c-button icon="x" label="Đóng" />')
    assert 'aria-label="Đóng"' in html
    assert 'type="button"' in html


def test_a_button_passes_unknown_attributes_on_and_is_a_link_with_an_address():
    assert '<a hx-boost="true" href="/x/"' in rendered('<c-button href="/x/" hx-boost="true">Đi</c-button>')
    assert 'data-key="c"' in rendered('<c-button key="c">Gọi</c-button>')


def test_a_dialog_is_named_by_its_heading():
    html = rendered(
        '<c-dialog id="move" title="Dời ngày">…<c-slot name="footer"><c-button>Dời</c-button></c-slot></c-dialog>'
    )
    assert references(html) <= ids(html)
    assert "t-dialog-foot" in html


def test_a_confirmation_names_what_it_destroys_and_starts_at_cancel():
    html = rendered(
        '<c-confirm id="end" title="Huỷ lịch?" action="/x/" button="Huỷ lịch" danger>Lịch 09:30.</c-confirm>'
    )
    assert 'role="alertdialog"' in html
    assert references(html) <= ids(html)
    assert re.search(
        r"data-autofocus>[^<]*</button><button type=\"submit\" class=\"t-btn is-danger\">Huỷ lịch", html
    )


def test_status_is_never_colour_alone():
    for kind in ("neutral", "good", "info", "wait", "danger", "accent"):
        assert "<svg" in rendered(f'<c-status kind="{kind}">Chờ</c-status>')


HEADER = {
    "name": "Nguyễn Thị Hạnh",
    "salutation": "cô",
    "age_text": "58 tuổi",
    "sex_label": "Nữ",
    "code": "BN-000123",
    "phone_display": "0912 345 678",
    "phone_uri": "tel:+84912345678",
    "allergies": [{"agent": "Penicillin", "severity_label": "nặng", "certainty_label": ""}],
    "vulnerability": ["Sống một mình"],
    "consent_label": "Đồng ý gọi",
    "next_reexamination": date(2026, 12, 3),
    "url": "/patients/1/",
}


def test_the_patient_header_tells_everything_at_one_glance():
    html = rendered('<c-patient-header :header="header" />', header=HEADER)

    assert '<h1><a href="/patients/1/">Nguyễn Thị Hạnh</a></h1>' in html
    assert 'href="tel:+84912345678"' in html
    for shown in ("cô", "58 tuổi", "Nữ", "BN-000123", "Sống một mình", "Đồng ý gọi", "03/12/2026"):
        assert shown in html
    assert re.search(r"t-allergies.*Penicillin</strong> ?<small>\(nặng\)", html)


def test_no_allergies_and_allergies_not_asked_are_different_things():
    none = rendered('<c-patient-header :header="header" />', header={**HEADER, "allergies": []})
    unasked = rendered(
        '<c-patient-header :header="header" />', header={**HEADER, "allergies": [], "allergies_known": False}
    )

    assert "t-allergies" not in none + unasked
    assert "is-wait" not in none
    assert "is-wait" in unasked


def test_a_compact_header_leaves_the_pages_own_heading_alone():
    assert "<h1>" not in rendered('<c-patient-header :header="header" compact />', header=HEADER)


def test_load_more_disappears_with_the_last_page_but_keeps_its_place():
    more = rendered('<c-pagination next="?after=7" target="#rows" />')
    last = rendered('<c-pagination next="" target="#rows" />')

    assert 'href="?after=7"' in more
    assert 'id="rows-more"' in more
    assert "<a" not in last
    assert 'id="rows-more"' in last


def test_every_chart_is_a_table_too():
    data = {"labels": ["T2", "T3"], "series": [{"name": "Đã gọi", "values": [4, 1250]}], "unit": ""}
    html = rendered('<c-chart id="calls" kind="bar" :data="data" title="Cuộc gọi" />', data=data)

    assert '<th scope="row">T3</th><td class="num">1.250</td>' in html
    assert 'id="calls-data"' in html
    assert 'data-chart="calls-data"' in html


def test_facts_for_scripts_cannot_end_their_element():
    html = rendered('{% json_data data "facts" %}', data={"name": "</script><script>alert(1)"})
    assert html.count("</script>") == 1
    assert "\\u003C/script" in html


def test_progress_steps_tabs_and_the_rest():
    now = timezone.now()
    assert 'value="5" max="10"' in rendered('<c-progress label="Nhập" :value="5" :max="10" />')
    assert 'data-live-refresh="import"' in rendered('<c-progress label="Nhập" live="import" url="/x/" />')
    assert (
        rendered('<c-stepper :steps="steps" :current="2" />', steps=["A", "B", "C"]).count("aria-current")
        == 1
    )
    tabs = rendered(
        '<c-tabs label="Xem" :items="items" current="a" />',
        items=[{"key": "a", "label": "A", "url": "?a", "count": 3}],
    )
    assert 'aria-current="page"' in tabs
    assert "data-countdown" in rendered('<c-countdown :until="at" />', at=now + timedelta(hours=1))
    assert 'value="1250000"' in rendered('<c-money :amount="1250000" />')
    assert rendered('<c-date :value="day" />', day=None).strip() == ""
    assert "t-empty" in rendered('<c-empty title="Trống">Chưa có gì</c-empty>')
    assert 'role="alert"' in rendered('<c-alert kind="danger">Lỗi</c-alert>')
    assert "datetime=" in rendered(
        '<c-timeline-item :at="at" title="Gọi" />', at=datetime(2026, 11, 21, tzinfo=UTC)
    )
    assert "<dt>Mã</dt><dd>1</dd>" in rendered(
        '<c-definitions><c-definition term="Mã">1</c-definition></c-definitions>'
    )


def test_a_component_does_not_pick_up_the_pages_own_variables():
    assert "lạc" not in rendered(
        '<c-card>…</c-card><c-stat label="x" value="1" />', title="lạc", hint="lạc", footer="lạc"
    )
