"""Any right spec, however it is put together and laid out, resolves to what it says."""

from __future__ import annotations

from dataclasses import dataclass

from flashc.check import load
from hypothesis import given, settings
from hypothesis import strategies as st

_FIRST = "ABCDEFGHIJKLMNOPRSTUVWXYZ$@"
names = st.builds(
    lambda first, rest: first + rest,
    st.sampled_from(_FIRST),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$@", max_size=6),
)
own_names = st.from_regex(r"[A-Z][A-Z0-9_]{0,9}", fullmatch=True)
"""Of what the spec itself names."""
days = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])


@dataclass(frozen=True, slots=True)
class Choice:
    """What varies: quantities, and which of the optional statements there are, in which order."""

    environments: list[str]
    quiesce_s: int
    resume_s: int
    save_h: int
    policy: str
    day: str
    optional: list[str]
    jobs: list[tuple[str, str]]
    blank: str


choices = st.builds(
    Choice,
    environments=st.lists(own_names, min_size=1, max_size=5, unique=True),
    quiesce_s=st.integers(1, 300),
    resume_s=st.integers(15, 300),
    save_h=st.integers(1, 12),
    policy=st.sampled_from(["abort", "continue partial", "flush only"]),
    day=days,
    optional=st.permutations(
        [
            "boot within 80m",
            "leave clone off",
            "afterwards maintenance brms with movement",
            'mail "a@b.example" on end',
        ]
    ),
    jobs=st.lists(st.tuples(names, names), min_size=1, max_size=4, unique=True),
    blank=st.sampled_from([" ", "\n", "\t", "\n    # } a comment {\n", "\r\n"]),
)


def written(choice: Choice) -> str:
    """The spec of a choice; its environments start an hour apart."""
    parts = [
        "system SYS { identity serial 1234567 lpar 7 release 7.3 library FLASHLIB",
        'host "sys.example.net:2222" user FLASHC }',
        'console H is hmc { key "k" user "u" address "10.0.0.1" } mail server "10.0.0.9" from "f@b.example"',
        'array A is svc { user "u" address "10.0.0.2" or "10.0.0.3" key "k" }',
        'clone C of SYS { network isolated disks group "G" on A',
        'link source "192.168.9.1" clone "192.168.9.2" line L vlan 9',
        'partition 8 "P" on "M" through H profile "p" }',
    ]
    for hour, name in enumerate(choice.environments):
        parts.append(f"environment {name} on C {{ every {choice.day} at {hour}:00")
        parts += choice.optional
        parts.append("around flash {")
        parts += [f"hold job {user}/{job}" for user, job in choice.jobs]
        parts.append(f"}} resume within {choice.resume_s}s")
        parts.append(f"quiesce within {choice.quiesce_s}s otherwise {choice.policy}")
        parts.append(f"on clone brms {{ group B library T restricted within {choice.save_h}h }} }}")
    return choice.blank.join(parts)


@given(choices)
@settings(max_examples=60, deadline=None)
def test_any_right_spec(choice: Choice) -> None:
    spec, problems = load("any.flash", lambda _: written(choice).encode())
    # Runs an hour apart may overlap by their limits, and names may look alike: both are warnings.
    assert {p.code for p in problems} <= {"FL3033", "FL2010", "FL3038"}
    assert spec is not None
    assert [e.name for e in spec.environments] == choice.environments
    for hour, environment in enumerate(spec.environments):
        (schedule,) = environment.schedules
        assert (schedule.days, schedule.time) == ((choice.day.upper(),), f"{hour:02}0000")
        assert environment.quiesce.within_s == choice.quiesce_s
        assert environment.quiesce.otherwise == choice.policy
        assert environment.resume_within_s == choice.resume_s
        assert environment.operation.within_s == choice.save_h * 3600
        assert [(a.user, a.job) for a in environment.around] == choice.jobs  # type: ignore[union-attr]
        assert (environment.boot_within_s, environment.leave_clone) == (4800, "off")
        assert environment.maintenance == "with movement"
        assert environment.mails[0].address == "a@b.example"
        assert environment.clone.source.port == 2222
