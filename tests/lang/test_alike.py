"""What differs far behind its beginning is two things; a run longer than a week meets its own next start."""

from __future__ import annotations

from flashc.check import load

from lang.any_spec import SITE

SPEC = SITE.format(language="", asps="", standby="", volumes="volumes npiv", free="", generations="")


def codes(body: str) -> list[tuple[str, str]]:
    """Rule and severity of everything that is told of an environment with this body."""
    text = f"{SPEC}environment E on C {{ quiesce within 60s otherwise abort resume within 30s {body} }}\n"
    return [(one.code, one.severity) for one in load("any.flash", lambda _: text.encode())[1]]


def clone_user(more: str) -> str:
    return f'started by hand on clone user {{ run "CALL A/B" within 1m {more} }}'


def test_long_commands_and_paths_that_begin_alike() -> None:
    long = "X" * 80
    runs = " ".join(f'run "CALL PGM(A/B) PARM(\'{long}{n}\')" undo "CALL A/C"' for n in (1, 2))
    unused = [("FL2007", "warning")]  # the mail server, and the second console
    assert set(codes(f"{clone_user('')} around flash {{ {runs} }}")) <= set(unused)
    assert set(codes(clone_user(f'bring "/{long}/1" bring "/{long}/2"'))) <= set(unused)
    assert ("FL3002", "error") in codes(clone_user(f'bring "/{long}/1" bring "/{long}/1"'))


def test_limits_that_are_longer_than_the_week_until_the_next_start() -> None:
    groups = " ".join(f"group G{n} within 9999m" for n in (1, 2))
    told = codes(f"every sun at 20:35 on clone brms {{ {groups} }}")
    assert ("FL3033", "warning") in told
    assert "error" not in {severity for _, severity in told}
