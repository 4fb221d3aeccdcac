"""A file of any size is cut into its resources with one of them in memory at a time (B5)."""

from __future__ import annotations

import io
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.exchange.engine.fhir import splitter
from tantam.exchange.engine.fhir.splitter import Splitter
from tantam.exchange.engine.readers import FileRefused

TRICKY = ['"', "\\", "}{", '\\"', "]["]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.text(max_size=12)
    | st.sampled_from(['"', "\\", "}{", '\\"', "]["]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)
OBJECTS = st.dictionaries(st.text(max_size=8), JSON, max_size=5)


def pieces(content, limit=1_000_000):
    return list(Splitter(io.BytesIO(content), limit).pieces())


@given(
    entries=st.lists(OBJECTS, min_size=1, max_size=6),
    before=OBJECTS,
    block=st.integers(1, 80),
    indent=st.sampled_from([None, 1]),
)
def test_every_entry_of_a_bundle_comes_out_whole(entries, before, block, indent):
    before = {name: value for name, value in before.items() if name not in ("entry", "resourceType")}
    bundle = {"resourceType": "Bundle", **before, "entry": entries, "link": [{"url": "}"}]}
    content = json.dumps(bundle, indent=indent).encode()

    found = _with_blocks(block, content)

    assert [orjson.loads(piece.content) for piece in found] == entries
    assert [piece.number for piece in found] == list(range(1, len(entries) + 1))
    assert all(piece.is_entry for piece in found)
    assert all(content[piece.byte :].startswith(piece.content) for piece in found)


@given(
    resources=st.lists(OBJECTS, min_size=1, max_size=5),
    block=st.integers(1, 60),
    between=st.sampled_from(["", "\n", " \r\n"]),
)
def test_resources_one_after_another_come_out_whole(resources, block, between):
    content = between.join(json.dumps({"resourceType": "Patient", **item}) for item in resources).encode()

    found = _with_blocks(block, content)

    assert [orjson.loads(piece.content) for piece in found] == [
        {"resourceType": "Patient", **item} for item in resources
    ]


def _with_blocks(size, content):
    usual, splitter._BLOCK = splitter._BLOCK, size
    try:
        return pieces(content)
    finally:
        splitter._BLOCK = usual


def test_a_list_of_resources_is_read_too():
    assert [piece.content for piece in pieces(b'[{"a":1}, {"b":{"entry":[{}]}}]')] == [
        b'{"a":1}',
        b'{"b":{"entry":[{}]}}',
    ]


def test_a_resource_that_merely_has_entries_is_no_bundle():
    content = b'{"resourceType":"List","entry":[{"item":{}}]}'

    assert [piece.content for piece in pieces(content)] == [content]


def test_the_type_may_stand_behind_the_entries():
    assert [piece.content for piece in pieces(b'{"entry":[{"a":1}],"resourceType":"Bundle"}')] == [b'{"a":1}']


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"abc", "not_json"),
        (b"<html></html>", "not_json"),
        (b'{"a":1', "file_truncated"),
        (b'{"a":"', "file_truncated"),
        (b'{"a":"\\', "file_truncated"),
        (b"[{}", "file_truncated"),
        (b'{"resourceType":"Bundle","entry":[{"a":1},', "file_truncated"),
        (b'{"a":1}}', "json_broken"),
        (b'{"resourceType":"Bundle","entry":[{"a":1} {"b":1}]}', "json_broken"),
        (b'{"resourceType":"Bundle","entry":[{"a":1}]]}', "json_broken"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(content, code):
    with pytest.raises(FileRefused) as refused:
        pieces(content)

    assert refused.value.problem.code == code


def test_the_place_of_a_fault_is_said():
    with pytest.raises(FileRefused) as refused:
        pieces(b'{"resourceType":"Bundle",\n"entry":[\n{"a":1},\n{"b":')

    assert "line 4" in refused.value.problem.msgid % refused.value.problem.params
    assert refused.value.problem.params["byte"] == 50


@pytest.mark.parametrize("block", [7, 1000, 500_000])
def test_a_giant_entry_is_passed_over_and_the_others_are_read(block):
    giant = b'{"text":"' + b"x" * 50_000 + b'\\"}"}'
    content = b'{"resourceType":"Bundle","entry":[{"a":1},' + giant + b',{"b":2}]}'
    usual, splitter._BLOCK = splitter._BLOCK, block
    try:
        found = pieces(content, limit=10_000)
    finally:
        splitter._BLOCK = usual

    assert [piece.content for piece in found] == [b'{"a":1}', None, b'{"b":2}']
    assert [piece.number for piece in found] == [1, 2, 3]
