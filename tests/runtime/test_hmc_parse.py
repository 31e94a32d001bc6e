"""HMC output as it was recorded, and as it should never be."""

from __future__ import annotations

import pytest
from flashrt.consoles import hmc_parse as parse
from flashrt.edges import Reply
from flashrt.status import SYSTEM, SidecarError
from hypothesis import given, settings
from hypothesis import strategies as st


def test_pairs_with_quoted_commas() -> None:
    text = (
        'name=vios2,lpar_env=vioserver,"io_slots=21010002/none/1,21050003/none/1",hca_adapters=none,'
        '"virtual_eth_adapters=6/0/6//2/1,8/0/8//2/1,9/0/6//0/0",boot_mode=norm\r\n'
    )
    (row,) = parse.pairs(text)
    assert row["io_slots"] == "21010002/none/1,21050003/none/1"
    assert parse.vlans(row["virtual_eth_adapters"]) == [6, 8]
    assert row["boot_mode"] == "norm"


def test_pairs_with_doubled_quotes() -> None:
    text = (
        'virtual_scsi_adapters=none,"virtual_eth_adapters=3/1/1/10/0/1,""2/1/1/3,4,5/0/1"",7/1/1/10/0/1",'
        '"virtual_fc_adapters=""2/client/1/vios1/5/c0507601,c0507602/0"",""3/client/2/vios2/6/c0507603,c0507604/0"""\n'
    )
    (row,) = parse.pairs(text)
    assert parse.vlans(row["virtual_eth_adapters"]) == [1, 10, 3, 4, 5]
    assert len(parse.elements(row["virtual_fc_adapters"])) == 2


def test_table_of_values() -> None:
    text = 'name,lpar_id,state\nSISTPROD_24,56,Not Activated\n"LPAR, old",57,"Open Firmware"\n\n'
    rows = parse.table(text, ("name", "lpar_id", "state"))
    assert rows == [
        {"name": "SISTPROD_24", "lpar_id": "56", "state": "Not Activated"},
        {"name": "LPAR, old", "lpar_id": "57", "state": "Open Firmware"},
    ]
    assert parse.table("No results were found.\n", ("name",)) == []


def test_system_row_as_recorded() -> None:
    text = (
        "name=S1,type_model=8375-42A,serial_num=7812345,ipaddr=10.0.0.1,state=Operating,state_detail=,"
        "detailed_state=None,sys_time=10/01/2026 03:43:04,os400_capable=1,"
        '"lpar_proc_compat_modes=default,POWER7,POWER8",curr_sys_keylock=manual,description=\n'
    )
    (row,) = parse.pairs(text)
    assert row["state"] == "Operating"
    assert row["state_detail"] == ""
    assert row["lpar_proc_compat_modes"] == "default,POWER7,POWER8"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("A9003C70", "A9003C70"),
        ("B2001230 LP=00002", "B2001230"),
        ("c6004053", "C6004053"),
        (" 00000000 ", "00000000"),
        ("", ""),
        ("Linux ppc64", ""),
        ("A9003C70XX", ""),
    ],
)
def test_reference_codes(field: str, code: str) -> None:
    assert parse.refcode_of(field) == code


def test_all_message_ids_are_seen() -> None:
    assert parse.message_ids("HSCL127D: HSCL1288 text (HSCL1288) HSCLXYZ") == ["HSCL127D", "HSCL1288"]


def test_error_text_on_standard_output_is_shown() -> None:
    with pytest.raises(SidecarError) as caught:
        parse.check_reply(Reply(1, "Brak wymaganego parametru.\n", ""), "list")
    assert caught.value.status == SYSTEM
    assert "Brak wymaganego" in caught.value.text


@pytest.mark.parametrize(
    "text", ["just a sentence\n", "\0\0\0\n", "a,b\n" * 20001, 'name=x,"y', "x" * 200000]
)
def test_hostile_rows(text: str) -> None:
    with pytest.raises(SidecarError) as caught:
        parse.table(text, ("name", "lpar_id", "state"))
    assert caught.value.status == SYSTEM
    assert len(caught.value.text) < 400


@pytest.mark.parametrize(
    "adapters", ["garbage", "4/0//", "4/0/none//0/0", "4/0/9x//0/0", "4/0/\u00b2//0/0", "4/0/" + "9" * 5000]
)
def test_adapters_that_cannot_be_read(adapters: str) -> None:
    with pytest.raises(SidecarError):
        parse.vlans(adapters)


def test_no_adapters() -> None:
    assert parse.vlans("none") == parse.vlans("") == parse.vlans("null") == []


def test_line_ends_of_a_terminal() -> None:
    rows = parse.table("a,1\r\nb,2\r\n", ("name", "number"))
    assert [row["name"] for row in rows] == ["a", "b"]
    assert parse.is_empty(Reply(0, "No results were found.\r\n", ""))
    assert parse.is_empty(Reply(0, "\r\n", ""))
    assert not parse.is_empty(Reply(1, "", ""))


BANNER = 'Welcome to "HMC1\nAuthorised users only, please\n\n'


def test_rows_behind_a_banner() -> None:
    rows = parse.table(f'{BANNER}name,number\n\na,1\r\n\r\n"b, c",2\r\n', ("name", "number"))
    assert [row["name"] for row in rows[-2:]] == ["a", "b, c"]
    (row,) = parse.pairs(f'{BANNER}name=clone,"virtual_eth_adapters=4/0/99//0/0,5/0/98//0/0"\n')
    assert parse.vlans(row["virtual_eth_adapters"]) == [99, 98]
    assert parse.is_empty(Reply(0, f"{BANNER}No results were found.\n", ""))


def test_a_broken_row_behind_good_ones_is_no_banner() -> None:
    for broken in ("just a sentence", "1,2,3", '"a,1'):
        with pytest.raises(SidecarError, match="where 2 were asked for"):
            parse.table(f"a,1\n{broken}\n", ("name", "number"))
    with pytest.raises(SidecarError, match="no name=value"):
        parse.pairs("name=a,state=x\nAuthorised users only\n")


def test_an_open_quote_does_not_swallow_the_rows_behind_it() -> None:
    text = '"SISTPROD,56,Running\nSISTPROD_24,57,Not Activated\n'
    (row,) = parse.table(text, ("name", "lpar_id", "state"))
    assert row["lpar_id"] == "57"
    with pytest.raises(SidecarError, match="cannot be read"):
        parse.csv_rows(text)


def test_a_long_listing() -> None:
    text = "".join(f'"LPAR {n}, ""old""",{n}\r\n' for n in range(10000))
    rows = parse.table(text, ("name", "lpar_id"))
    assert rows[9999] == {"name": 'LPAR 9999, "old"', "lpar_id": "9999"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("56,11/21/2026 21:16:42,A9003C70 LP=00056\n56,11/21/2026 21:10:00,C6004053\n", "A9003C70"),
        ("56,A9003C70\r\n", "A9003C70"),
        ("56,,A9003C70", "A9003C70"),
        ("56,20261121,", ""),
        ("56,11/21/2026 21:16:42,", ""),
        ('56,11/21/2026 21:16:42,"B2001230, LP=00056"', "B2001230"),
        ("lpar_id,time_stamp,refcode\n57,x,B2001230\n56,x,C6004053", "C6004053"),
        (f"{BANNER}56,x,C6004053", "C6004053"),
        ("56", ""),
        ("", ""),
        ("No results were found.", ""),
    ],
)
def test_latest_reference_code(text: str, code: str) -> None:
    assert parse.latest_refcode(text, 56) == code


PIECES = st.sampled_from(
    [
        *'!,"=\n\r/\0 ',
        "\r\n",
        "name",
        "56",
        "A9003C70",
        "4/0/99//0/0",
        "No results were found.",
        "state=",
        "HSCL8012",
    ]
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=30).map("".join), st.sampled_from([0, 1, 255])
)
def test_any_text_is_read_or_refused(text: str, exit_status: int) -> None:
    told: list[str] = []
    for read in (
        lambda: parse.table(text, ("name", "lpar_id")),
        lambda: parse.pairs(text),
        lambda: parse.vlans(text),
        lambda: parse.latest_refcode(text, 56),
        lambda: parse.check_reply(Reply(exit_status, text, text), "look"),
    ):
        try:
            read()  # type: ignore[no-untyped-call]
        except SidecarError as error:
            told.append(error.text)
    assert all(0 < len(said) < 500 for said in told)
    assert all(parse.elements(text))
