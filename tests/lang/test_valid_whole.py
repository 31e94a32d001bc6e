"""Any right spec of the whole language resolves to what it says, and says the same in canonical layout."""

from __future__ import annotations

from dataclasses import replace

from flashc.check import load, model
from flashc.syntax.format import format_text
from hypothesis import given, settings
from lang_tools.layouts import plain

from lang.any_spec import Said, specs


def resolved(text: str) -> model.Spec:
    spec, problems = load("any.flash", lambda _: text.encode())
    assert [p for p in problems if p.severity == "error"] == []
    assert spec is not None
    return spec


@given(specs())
@settings(max_examples=150, deadline=None)
def test_any_right_spec_of_the_whole_language(case: Said) -> None:
    spec = resolved(case.text)
    ((system,), (clone,), (e,)) = (spec.systems, spec.clones, spec.environments)
    found = {
        "language": system.language,
        "asps": system.independent_asps,
        "standby": clone.console.standby is not None,
        "vios": clone.vios,
        "vios access": [(v.name, v.address, v.user, v.key) for v in clone.vios_access],
        "free": clone.free_percent,
        "groups": clone.disks[0].groups,
        "start": (e.schedules, e.omit_dates, e.started_by),
        "around": e.around,
        "runs": e.runs,
        "operation": e.operation,
        "reconfigure": e.reconfigure,
        "leave": e.leave_clone,
        "keep": e.keep_s,
        "keep runs": e.keep_runs_s,
        "phases": e.mails[0].phases,
        "hook": [(h.command, h.phases, h.within_s) for h in e.hooks],
        "expect": e.expectations,
    }
    for key, value in case.means.items():
        if key == "start":  # in the order of the text, which varies
            assert plain(found[key][1:]) == plain(value[1:])
            assert sorted(map(repr, plain(found[key][0]))) == sorted(map(repr, plain(value[0])))
        else:
            assert plain(found[key]) == plain(value), key
    laid_out, problems = format_text(case.text, "any.flash")
    assert problems == []
    assert laid_out is not None
    assert plain(replace(resolved(laid_out), text="")) == plain(replace(spec, text=""))
