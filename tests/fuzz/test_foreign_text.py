"""Manifests, configurations and site files that are anything at all: an error that says what is wrong.

Specs are in tests/lang/test_hostile.py, CL in tests/cl, answers of consoles and arrays in tests/runtime.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
from flashrt.config import LimitsConf, read_config
from flashrt.manifest import MANIFEST_LIMIT, Manifest, encode, read_manifest
from flashrt.status import SidecarError
from flashtwin.site_load import SiteError, load_site
from hypothesis import given, settings
from hypothesis import strategies as st

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUN = "20261118203500"
LIMITS = LimitsConf(1, 1, 1, 1, 1, 1, 1, 1, 1, delivery_files=10, delivery_bytes=10**9)
SITE = (EXAMPLES / "nightly_brms.site.toml").read_text(encoding="utf-8")

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
entries = st.fixed_dictionaries({"name": scalars, "size": scalars, "sha256": scalars | st.just("0" * 64)})
manifests = st.fixed_dictionaries(
    {
        "version": scalars,
        "run": st.just(RUN) | scalars,
        "stage": scalars,
        "packed_at": scalars,
        "files": st.lists(entries | documents, max_size=4) | documents,
    }
)


def manifest_of(data: bytes) -> Manifest | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "manifest.json"
        path.write_bytes(data)
        try:
            return read_manifest(str(path), RUN, LIMITS)
        except SidecarError:
            return None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | manifests.map(lambda one: json.dumps(one).encode()))
def test_a_manifest_is_taken_whole_or_refused(data: bytes) -> None:
    found = manifest_of(data)
    if found is not None:
        assert found.run == RUN
        assert all(entry.size >= 0 for entry in found.files)
        assert manifest_of(encode(found)) == found


@pytest.mark.parametrize(
    "value",
    ["9" * 400, "1e999", "NaN", "-Infinity", "9" * 100_000, "[" * 100_000, '"\\ud800"'],
    ids=["no float", "infinite", "no number", "minus infinite", "digits", "nested", "half a character"],
)
def test_numbers_that_are_none_are_refused(value: str) -> None:
    text = (
        encode(Manifest(RUN, "final", 0.0, ())).decode().replace('"packed_at": 0.0', f'"packed_at": {value}')
    )
    assert value in text
    assert manifest_of(text.encode()) is None


def test_a_manifest_that_is_too_long_is_refused() -> None:
    assert manifest_of(encode(Manifest(RUN, "final", 0.0, ())) + b" " * MANIFEST_LIMIT) is None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | documents.map(lambda one: json.dumps(one).encode()))
def test_a_configuration_is_read_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sidecar.json").write_bytes(data)
        with pytest.raises(SidecarError):
            read_config(folder)


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, len(SITE) - 1),
    st.integers(0, 30),
    st.sampled_from(["", "\0", "{", "]]", "= 9999999999999999999", "\n[[arrays]]\n", '"é"', "1e999", "nan"]),
)
def test_a_site_file_with_an_accident_is_read_or_refused(place: int, gone: int, instead: str) -> None:
    text = SITE[:place] + instead + SITE[place + gone :]
    with contextlib.suppress(SiteError):
        assert load_site(text).partitions
