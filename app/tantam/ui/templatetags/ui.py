"""Template tags and filters which every page uses; builtins, so no template loads them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.http import QueryDict
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, token_kwargs
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tantam.lib import money, names, phones
from tantam.lib.dates import Birth, age_in_words
from tantam.ui import icons, links, moments
from tantam.ui.toasts import UNDO

register = template.Library()

_SWAPPED = str.maketrans(",.", ".,")


class IconNode(Node):
    """An icon whose name or label is only known when the page is made."""

    def __init__(self, name: FilterExpression, options: dict[str, FilterExpression]) -> None:
        self.name = name
        self.options = options

    def render(self, context: template.Context) -> SafeString:
        name = self.name.resolve(context)
        if not name:
            return mark_safe("")
        options = {key: str(value.resolve(context) or "") for key, value in self.options.items()}
        return icons.svg(str(name), label=options.get("label", ""), css_class=options.get("class", ""))


@register.tag
def icon(parser: Parser, token: Token) -> Node:
    """`{% icon "phone" %}`, `{% icon name label=_("Call") class="is-lg" %}`.

    A name written out without a label is drawn when the template is compiled and costs nothing after.
    """
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("icon needs the name of an icon")
    name = parser.compile_filter(bits[0])
    options = token_kwargs(bits[1:], parser)
    literal = bits[0][0] in "\"'" and "|" not in bits[0]
    if literal and not options:
        try:
            return TextNode(icons.written(bits[0][1:-1]))
        except icons.UnknownIcon as unknown:
            raise template.TemplateSyntaxError(f"there is no icon {unknown}") from unknown
    return IconNode(name, options)


@register.filter
def date_vn(value: date | datetime | None) -> str:
    return moments.day(value) if value else ""


@register.filter
def time_vn(value: datetime | None) -> str:
    return moments.clock(value) if value else ""


@register.filter
def datetime_vn(value: datetime | None) -> str:
    return f"{moments.day(value)} {moments.clock(value)}" if value else ""


@register.filter
def weekday_date(value: date | datetime | None) -> str:
    return f"{moments.weekday(value)}, {moments.day(value)}" if value else ""


@register.filter
def day_relative(value: date | datetime | None) -> str:
    return moments.relative_day(value) if value else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For `datetime` attributes, which machines read."""
    return value.isoformat() if value else ""


@register.filter
def age_text(value: date | int | None) -> str:
    """How old someone born on this day, or in this year, is today; nothing for a birth to come."""
    today = timezone.localdate()
    if not value or (value > today.year if isinstance(value, int) else value > today):
        return ""
    birth = Birth(value) if isinstance(value, int) else Birth(value.year, value)
    return age_in_words(birth, today)


@register.filter
def money_vnd(value: int | str | None) -> str:
    return "" if value is None or value == "" else money.format_vnd(int(value)).replace(" ", "\u00a0")


@register.filter
def count_vn(value: float | str | None) -> str:
    """12.345; a part is shown to one place: 12,5."""
    if value is None or value == "":
        return ""
    shown = f"{value:,.1f}" if isinstance(value, float) and not value.is_integer() else f"{int(value):,}"
    return shown.translate(_SWAPPED)


@register.filter
def phone_vn(value: str | None) -> str:
    return phones.display(value) if value else ""


@register.filter
def phone_uri(value: str | None) -> str:
    return phones.tel_uri(value) if value else ""


@register.filter
def initials(value: str | None) -> str:
    return names.initials(str(value or ""))


@register.filter
def tint(value: str | None) -> int:
    return names.tint(str(value or ""))


@register.filter
def undo(message: Message) -> str:
    """The address that takes back what a message says was done (`ui.toasts.say`), or empty text."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag
def link(name: str, *ids: int) -> str:
    """`{% link "patient" patient.pk %}`: the address of a page that a room above owns (`tantam.ui.links`)."""
    return links.url(name, *ids)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The current query string with changes; None takes a field out."""
    request = context.get("request")
    fields = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None or value == "":
            fields.pop(key, None)
        else:
            fields[key] = str(value)
    return f"?{fields.urlencode()}"


@register.simple_tag(takes_context=True)
def title_text(context: template.Context) -> SafeString:
    """What the page put into its `title` block, so that a page says its heading once."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks is not None else None
    return mark_safe(block.nodelist.render(context).strip() if block is not None else "")


@register.simple_tag
def widget(field: BoundField, *, help_text: str = "", plain: bool = False) -> SafeString:
    """The control of a field: tied to help given in the template; `plain` takes its placeholder out."""
    attrs: dict[str, str | bool] = {}
    if help_text and not field.help_text:
        attrs["aria-describedby"] = f"{field.auto_id}_helptext {field.aria_describedby or ''}".strip()
    if plain and field.field.widget.attrs.get("placeholder"):
        attrs["placeholder"] = ""
    return field.as_widget(attrs=attrs)


_SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def json_data(value: Any, element_id: str) -> SafeString:
    """Facts for a script, as `<script type="application/json">`, which no browser executes."""
    text = mark_safe(json.dumps(value, ensure_ascii=False, default=str).translate(_SCRIPT_ESCAPES))
    return format_html('<script type="application/json" id="{}">{}</script>', element_id, text)


_KIND_ICONS = {
    "good": "circle-check",
    "info": "info",
    "wait": "clock",
    "danger": "octagon-alert",
    "accent": "circle-dot",
    "neutral": "circle",
}


@register.filter
def kind_icon(kind: str | None) -> str:
    """The icon that says the same as a colour, for those who do not see the colour."""
    return _KIND_ICONS.get(str(kind or ""), "circle")


@register.filter
def nth(value: Any, place: int) -> Any:
    """The item at a place of a list, or nothing."""
    try:
        return value[int(place)]
    except (IndexError, KeyError, TypeError, ValueError):
        return ""
