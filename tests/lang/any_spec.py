"""Specs of the whole language, put together at random, each piece with what it means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flashc.check import model
from flashc.diag import Span
from hypothesis import strategies as st

from lang.test_valid import names

SPAN = Span("", 1, 1, 1, 1)

SITE = """\
system SYS {{ host "sys.example.net" user FLASHC identity serial 1234567 lpar 7 release 7.4 library FLASHLIB
    {language} {asps} }}
console H is hmc {{ address "10.0.0.1" user "u" key "k" {standby} }}
console H2 is hmc {{ address "10.0.0.2" user "u" key "k" }}
array A is svc {{ address "10.0.0.3" user "u" key "k" }}
mail server "10.0.0.9" from "f@b.example"
clone C of SYS {{
    partition 8 "P" on "9009-42A*7654321" through H profile "p"
    disks group "G" {generations} on A
    network isolated {volumes} {free}
    link source "192.168.9.1" clone "192.168.9.2" line L vlan 9
}}
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a spec, and what the resolved spec must hold for it."""

    text: str
    means: Any


def said(text: str, means: Any) -> Said:
    return Said(text, means)


def listed(pieces: list[Said]) -> tuple[Any, ...]:
    return tuple(piece.means for piece in pieces)


def times(text: str, seconds: int) -> str:
    """A limit in the largest unit in which it is whole; `text` goes before it."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{text} {seconds // size}{unit}"
    return f"{text} {seconds}s"


limits = st.integers(300, 4 * 3600)
message_ids = st.sampled_from(["CPF3777", "CPF9801", "CPC3701", "APP0001"])
commands = names.map(lambda name: f"CALL {name}/{name}")
days = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri"]), min_size=1, max_size=5, unique=True)
ORDER = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@st.composite
def schedules(draw: st.DrawFn) -> Said:
    """A weekly start, one of a month, one on a date; then the dates left out."""
    made: list[model.Schedule] = []
    text = ""
    if draw(st.booleans()):
        some = draw(days)
        in_order = tuple(d for d in ORDER if d.lower() in some)
        minute = draw(st.integers(0, 59))
        text += f"every {' '.join(some)} at 4:{minute:02} and 22:{minute:02}:07 "
        made += [
            model.Schedule(in_order, f"{h}{minute:02}{s}", SPAN) for h, s in (("04", "00"), ("22", "07"))
        ]  # type: ignore[arg-type]
    if draw(st.booleans()):
        which = draw(st.sampled_from(["first", "second", "third", "fourth", "last"]))
        day = draw(st.sampled_from(["sun", "day"] if which in ("first", "last") else ["sun", "sat"]))
        text += f"every {which} {day} of month at 12:00 "
        made.append(model.Schedule(() if day == "day" else (day.upper(),), "120000", SPAN, which))
    if draw(st.booleans()) or not made:
        text += "on 2028-02-29 at 14:30 "
        made.append(model.Schedule((), "143000", SPAN, None, "2028-02-29"))
    omit: tuple[str, ...] = ()
    if any(s.days and s.which is None for s in made) and draw(st.booleans()):
        text += "except on 2026-12-28 and 2026-12-25"
        omit = ("2026-12-25", "2026-12-28")
    return said(text, (tuple(made), omit, None))


by_others = st.sampled_from(
    [said("started by hand", ((), (), "hand")), said('started by scheduler "IWS"', ((), (), "IWS"))]
)

around_items = st.one_of(
    st.builds(lambda u, j: said(f"hold job {u}/{j}", model.HoldJob(u, j, SPAN)), names, names),
    st.builds(lambda a, b: said(f"hold job queue {a}/{b}", model.HoldQueue(a, b, SPAN)), names, names),
    st.builds(lambda a: said(f"hold schedule entry {a}", model.HoldEntry(a, SPAN)), names),
    st.builds(lambda a: said(f"end domino {a} within 5m", model.EndDomino(a, 300, SPAN)), names),
    st.builds(lambda a: said(f"vary off device {a}", model.VaryOff(a, SPAN)), names),
    st.sampled_from([said(f"end tcp server *{n}", model.EndServer(f"*{n}", SPAN)) for n in ("FTP", "HTTP")]),
    st.builds(
        lambda a, b: said(f"end subsystem {a}/{b} within 90s", model.EndSubsystem(a, b, 90, SPAN)),
        names,
        names,
    ),
    st.builds(
        lambda c, u, n: said(f'run "{c}" undo "{u}" {times("within", n)}', model.RunCommand(c, u, n, SPAN)),
        commands,
        commands,
        st.integers(1, 3600),
    ),
)

devices = st.one_of(
    st.builds(
        lambda n: said(f"virtual tape {n} catalog CAT", ("virtual tape", n, "CAT", False, (), None)), names
    ),
    st.builds(lambda n: said(f"optical {n} catalog CAT", ("optical", n, "CAT", False, (), None)), names),
    st.builds(lambda n: said(f"drive {n}", ("drive", n, None, False, (), None)), names),
    st.builds(
        lambda n: said(
            f'library {n} volumes "T00001" and "T00002"',
            ("library", n, None, False, ("T00001", "T00002"), None),
        ),
        names,
    ),
    st.builds(lambda n: said(f"library {n} sequential", ("library", n, None, True, (), None)), names),
    st.builds(
        lambda n: said(f"library {n} category *SHARE400", ("library", n, None, False, (), "*SHARE400")), names
    ),
).map(lambda d: said(d.text, model.Device(*d.means, SPAN)))


@st.composite
def brms(draw: st.DrawFn) -> Said:
    called = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    groups = []
    for number, name in enumerate(called):
        drive = f"T{number}"  # one drive takes one save at a time
        device = draw(st.sampled_from(["", "library T ", f"drive {drive} "]))
        within = draw(limits)
        kind, of = ("library", "T") if "lib" in device else ("drive", drive)
        made = model.Device(kind, of, None, False, (), None, SPAN)
        text = f"group {name} {device}{times('within', within)}"
        groups.append(said(text, model.BrmsGroup(name, made if device else None, False, within, SPAN)))
    last = groups[-1]
    restricted = said(last.text.replace("within", "restricted within"), replace(last.means, restricted=True))
    first, rest = groups[:-1], restricted if draw(st.booleans()) else last
    if draw(st.booleans()):
        text = f"together {{ {' '.join(g.text for g in first)} }} {rest.text}"
        stages: tuple[Any, ...] = (listed(first), (rest.means,))
    else:
        text = " ".join(g.text for g in (*first, rest))
        stages = tuple((g.means,) for g in (*first, rest))
    inactive = draw(st.booleans())
    text += " set QINACTITV *NONE" if inactive else ""
    from_flash = draw(st.booleans())
    text += " incremental from flash" if from_flash else ""
    return said(f"on clone brms {{ {text} }}", model.BrmsOperation(stages, inactive, from_flash, SPAN))


clone_runs = st.builds(
    lambda c, n, a, e: said(
        f'run "{c}" {times("within", n)}'
        + (f" accept {', '.join(a)}" if a else "")
        + (f" expect {' , '.join(e)}" if e else ""),
        model.CloneCommand(c, n, tuple(a), tuple(e), SPAN),
    ),
    commands,
    st.integers(1, 36000),
    st.lists(message_ids, max_size=2, unique=True),
    st.lists(message_ids, max_size=2, unique=True),
)


@st.composite
def user(draw: st.DrawFn) -> Said:
    used = draw(st.lists(devices, max_size=2, unique_by=lambda d: d.means.name))
    one, several = draw(clone_runs), draw(st.lists(clone_runs, max_size=3))
    text = " ".join(f"use {d.text}" for d in used) + f" {one.text} "
    stages: tuple[Any, ...] = ((one.means,),)
    if several:
        text += f"together {{ {' '.join(r.text for r in several)} }}"
        stages += (listed(several),)
    text += ' bring "/extract/a.csv"'
    operation = model.UserOperation(listed(used), stages, ("/extract/a.csv",), SPAN)
    return said(f"on clone user {{ {text} }}", operation)


save21 = st.builds(
    lambda d, n: said(
        f"on clone save21 {{ save to {d.text} {times('within', n)} }}",
        model.Save21Operation(d.means, n, SPAN),
    ),
    devices,
    limits,
)


@st.composite
def reconfigure(draw: st.DrawFn) -> Said:
    routes = draw(st.booleans())
    hold = draw(st.booleans())
    startup = draw(st.booleans())
    hours = draw(st.integers(1, 24 * 366))
    queues = draw(st.lists(st.tuples(names, names), max_size=2, unique=True))
    server = model.Never("server", None, "*SMTP", SPAN)
    parts = [
        "system name NEWNAME",
        'host "new" domain "example.net"',
        'address "10.2.0.5" mask "255.255.255.0" line ETHNEW',
        'route default via "10.2.0.1" route "10.3.0.0" mask "255.255.0.0" via "10.2.0.2"' if routes else "",
        "startup program UPLIB/UP" if startup else "",
        "hold schedules",
        'hold scheduler "Robot" by "CALL R/HOLD" proven by "CALL R/HELD"' if hold else "",
        " ".join(f"hold job queue {library}/{queue}" for library, queue in queues),
        "never start tcp server *SMTP",
        f"expires after {hours}h",
    ]
    means = model.Reconfigure(
        "NEWNAME",
        "new",
        "example.net",
        (model.Interface("10.2.0.5", "255.255.255.0", "ETHNEW", SPAN),),
        (
            model.Route(None, None, "10.2.0.1", SPAN),
            model.Route("10.3.0.0", "255.255.0.0", "10.2.0.2", SPAN),
        )
        if routes
        else (),
        ("UPLIB", "UP") if startup else None,
        True,
        (model.SchedulerHold("Robot", "CALL R/HOLD", "CALL R/HELD", SPAN),) if hold else (),
        tuple(model.HoldQueue(library, queue, SPAN) for library, queue in queues),
        (server,),
        hours * 3600,
        SPAN,
    )
    return said(f"reconfigure {{ {' '.join(draw(st.permutations(parts)))} }} leave clone handed over", means)


plain_runs = st.lists(
    st.builds(
        lambda c, n: said(f'run "{c}" {times("within", n)}', model.PlainRun(c, n, SPAN)),
        commands,
        st.integers(1, 4 * 3600),
    ),
    min_size=1,
    max_size=3,
)

VIOS_ACCESS = 'address "h:2222" user "padmin" key "v1"'
PHASES = ("start", "flash", "boot", "save", "end", "completed", "failure", "refused", "attention")


@st.composite
def specs(draw: st.DrawFn) -> Said:
    """A spec of one environment, and the values of its system, clone and environment that vary."""
    language = draw(st.sampled_from(["english", "spanish", "french"]))
    asps = draw(st.lists(names.filter(lambda n: n[0].isalpha()), max_size=2, unique=True))
    standby, vios = draw(st.booleans()), draw(st.booleans())
    percent = draw(st.none() | st.integers(1, 90))
    operation = draw(
        st.one_of(st.just(said("on clone none", model.NoOperation(SPAN))), brms(), save21, user())
    )
    kind = operation.means.kind
    if kind == "save21":
        asps = []  # FL3117
    generations = kind == "none" and draw(st.booleans())
    vios = vios and not generations  # FL3083
    site = SITE.format(
        language=f"language {language}" if language != "english" or draw(st.booleans()) else "",
        asps=" ".join(f"independent asp {a}" for a in asps),
        standby="standby H2" if standby else "",
        volumes=f'volumes vios "V1" {VIOS_ACCESS} and "V2"' if vios else "volumes npiv",
        free=f"free capacity {percent}%" if percent else "",
        generations='or "G2"' if generations else "",
    )
    start = draw(st.one_of(schedules(), by_others))
    items = draw(st.lists(around_items, max_size=5, unique_by=lambda a: a.text))
    # An independent ASP that is suspended is not varied off (FL3045).
    around = [a for a in items if not isinstance(a.means, model.VaryOff) or a.means.device not in asps]
    runs = [draw(plain_runs) for _ in range(4)]
    phases = draw(st.lists(st.sampled_from(PHASES), min_size=1, unique=True))
    under = draw(st.integers(1, 600))
    new = draw(reconfigure()) if kind in ("brms", "user") and draw(st.booleans()) else said("", None)
    keep = draw(st.sampled_from([0, 1])) if kind == "none" else 0  # longer ones need more generations
    heads = ("before", "after flash", "afterwards", "on failure")
    blocks = [f"{h} {{ {' '.join(r.text for r in these)} }}" for h, these in zip(heads, runs, strict=True)]
    statements = [
        start.text,
        f"around flash {{ {' '.join(a.text for a in around)} }}" if around else "",
        *blocks,
        "quiesce within 90s retries 3 otherwise abort",
        "resume within 45s",
        operation.text,
        new.text,
        f"keep snapshot {keep}m" if keep else "",
        f"keep runs {under + 1}d",
        f'mail "a@b.example" on {" , ".join(phases)}',
        f'run "CALL A/B" on {", ".join(phases)} within {under}s',
        f"expect suspended under {under}s",
    ]
    body = draw(st.sampled_from([" ", "\n", "\n\t", " # }\n"])).join(draw(st.permutations(statements)))
    means = {
        "language": language,
        "asps": tuple(asps),
        "standby": standby,
        "vios": ("V1", "V2") if vios else (),
        "vios access": [("V1", model.Endpoint("h", 2222), "padmin", "v1")] if vios else [],
        "free": percent,
        "groups": ("G", "G2") if generations else ("G",),
        "start": start.means,
        "around": listed(around),
        "runs": model.Runs(*(listed(these) for these in runs)),
        "operation": operation.means,
        "reconfigure": new.means,
        "keep runs": (under + 1) * 86400,
        "leave": "handed over" if new.means else "off",
        "keep": keep * 60,
        "phases": tuple(phases),
        "hook": [("CALL A/B", tuple(phases), under)],
        "expect": (model.Expectation("suspended", under, f"suspended under {under}s", SPAN),),
    }
    return said(f"{site}environment E on C {{ {body} }}\n", means)
