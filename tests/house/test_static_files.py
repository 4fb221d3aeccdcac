"""A page never names a static file that is not there."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

TEMPLATES = sorted((Path(__file__).parents[2] / "app" / "tantam").glob("*/templates/**/*.html"))
NAMED = re.compile(r"""{%\s*static\s+["']([^"'{}]+)["']\s*%}""")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_static_files_a_template_names_are_there(template):
    missing = [name for name in NAMED.findall(template.read_text()) if finders.find(name) is None]

    assert missing == []
