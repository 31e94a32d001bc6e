"""Storage Virtualize output in the forms that levels, clients and banners give it."""

from __future__ import annotations

import pytest
from flashrt.arrays import svc_parse as parse
from flashrt.edges import Reply
from flashrt.status import AUTH, NOTFOUND, REFUSED, SYSTEM, SidecarError
from hypothesis import given, settings
from hypothesis import strategies as st

BANNER = "*** Authorised users only! ***\nCode level 8.6.0.2 (build 169.2.2310)\n\n"
HEADING = "id!name!source_vdisk_name!target_vdisk_name!group_name!status!start_time"
ROW = "0!fcmap0!PROD_1!CLONE_1!SISTPROD_24!prepared!261121203712"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADING}\n{ROW}\n",
        f"{HEADING}\r\n{ROW}\r\n",
        f"\n\n{HEADING}\n\n{ROW}\n\n\n",
        f"{BANNER}{HEADING}\n{ROW}\n",
        f" {HEADING.replace('!', ' ! ')} \n {ROW.replace('!', ' ! ')} \n",
        "status!group_name!new!target_vdisk_name!name!source_vdisk_name!start_time!newer\n"
        "PREPARED!SISTPROD_24!!CLONE_1!fcmap0!PROD_1!261121203712!x y\n",
    ],
    ids=["plain", "crlf", "blank lines", "banner", "padding", "other columns"],
)
def test_a_listing_in_any_form(text: str) -> None:
    (entry,) = parse.maps_of(text)
    assert (entry.name, entry.source, entry.target, entry.group) == (
        "fcmap0",
        "PROD_1",
        "CLONE_1",
        "SISTPROD_24",
    )
    assert (entry.status, entry.start_time) == ("prepared", "261121203712")
    assert parse.lists_start_times(text)


def test_start_times_are_asked_for_only_where_they_are_not_listed() -> None:
    assert parse.lists_start_times("")
    assert not parse.lists_start_times(f"start_time\n{HEADING.replace('!start_time', '')}\n")
    with pytest.raises(SidecarError):
        parse.lists_start_times("start_time!name\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADING.replace("!", ":") + "\n" + ROW.replace("!", ":"), "-delim !"),
        ("  id   name   status  \n  0    fcmap0 copying \n", "-delim !"),
        (HEADING.replace("group_name", "group") + "\n" + ROW, "lacks the column group_name"),
        (BANNER, "lacks the column name"),
        ("banner\n" * parse.BANNER_LIMIT + f"{HEADING}\n{ROW}\n", "lacks the column"),
        (f"{HEADING}\n{ROW}\n{ROW}!more\n", "broken row"),
        (f"{HEADING}\n{ROW}\nCMMVC6372W Licence nearly used up.\n", "broken row"),
        (f"{HEADING}\n" + f"{ROW}\n" * parse.ROW_LIMIT, "more than"),
        ("\0", "binary"),
    ],
)
def test_a_listing_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(SidecarError) as caught:
        parse.maps_of(text)
    assert caught.value.status == SYSTEM
    assert said in caught.value.text
    assert len(caught.value.text) < 300


def test_a_long_listing() -> None:
    maps = parse.maps_of(
        f"{HEADING}\n" + "".join(ROW.replace("fcmap0", f"m{n}") + "\n" for n in range(10000))
    )
    assert len({entry.name for entry in maps}) == 10000


def test_a_detail_behind_a_banner() -> None:
    fields = parse.detail(
        f"{BANNER}id!1\r\nname!SISTPROD_24\r\n\r\nstatus!prepared\r\nFC_mapping_name!a!b\r\n"
    )
    assert parse.first(fields, "name") == "SISTPROD_24"
    assert parse.first(fields, "status") == "prepared"
    assert parse.every(fields, "FC_mapping_name") == ["a!b"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(0, "", ""),
        Reply(0, "", "CMMVC6372W Licence nearly used up.\n"),
        Reply(0, HEADING, "** WARNING: connection is not using a post-quantum key exchange algorithm.\n"),
        Reply(0, "id!1\n", "CMMVC12345I For your information.\n"),
    ],
)
def test_good_answers(reply: Reply) -> None:
    parse.check_reply(reply, "x")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(0, "", "rbash: lsfcmap: command not found\n"), SYSTEM),
        (Reply(0, "id!1\n", "CMMVC5804E The object does not exist.\n"), NOTFOUND),
        (Reply(0, "CMMVC6253E Not authorised.\n", ""), AUTH),
        (Reply(0, "", "CMMVC6372W Beware.\nCMMVC5907E Not prepared.\n"), REFUSED),
        (Reply(1, "id!1\n", ""), SYSTEM),
        (Reply(1, "", "CMMVC6372W Licence nearly used up.\n"), SYSTEM),
        (Reply(127, "", ""), SYSTEM),
    ],
)
def test_bad_answers(reply: Reply, expected: int) -> None:
    with pytest.raises(SidecarError) as caught:
        parse.check_reply(reply, "x")
    assert caught.value.status == expected


PIECES = st.sampled_from(
    [*"!\n\r\0 ", "\r\n", HEADING, ROW, "name!", "status!copying", "CMMVC5804E", "CMMVC6372W"]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30).map("".join), st.sampled_from([0, 1, 255])
)
def test_any_text_is_read_or_refused(text: str, exit_status: int) -> None:
    told: list[str] = []
    for read in (
        lambda: parse.maps_of(text),
        lambda: parse.lists_start_times(text),
        lambda: parse.group_state(parse.detail(text), []),
        lambda: parse.check_reply(Reply(exit_status, text, text), "look"),
    ):
        try:
            read()  # type: ignore[no-untyped-call]
        except SidecarError as error:
            told.append(error.text)
    assert all(0 < len(said) < 500 for said in told)
    found = parse.capacity(text)
    assert found is None or found >= 0
