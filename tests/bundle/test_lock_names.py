"""The things of a run in FLLCK: what has a longer name than its column is told apart all the same."""

from __future__ import annotations

from flashc.bundle.context.locks import LONGEST, groups
from flashc.check import load
from flashc.runbook.tables import TABLES
from lang.any_spec import SITE

SPEC = (
    SITE.format(language="", asps="", standby="", volumes="volumes npiv", free="", generations="")
    .replace('array A is svc { address "10.0.0.3" user "u" key "k" }',
             'array A is pure { address "10.0.0.3" token file "t" }')
    .replace('disks group "G"', 'disks protection group "{0}" pairs "S" to "{0}1" or pairs "S" to "{0}2"')
)  # fmt: skip


def things(name: str) -> list[str]:
    text = SPEC.replace("{0}", name) + (
        "environment E on C { started by hand quiesce within 60s otherwise abort resume within 30s "
        "on clone none }\n"
    )
    spec, problems = load("any.flash", lambda _: text.encode())
    assert spec is not None, problems
    return groups(spec.clones[0])


def test_the_longest_name_fits_the_column() -> None:
    (table,) = (one for one in TABLES if one.name == "FLLCK")
    assert table.columns[0] == f"NAME VARCHAR({LONGEST}) NOT NULL"


def test_long_names_of_copies_differ_and_short_ones_are_as_they_are() -> None:
    assert things("N") == ["group N:N1 on A", "group N:N2 on A"]
    first, second = things("N" * 126)
    assert len(first) == len(second) == LONGEST
    assert first != second
    assert first.endswith(" on A")
