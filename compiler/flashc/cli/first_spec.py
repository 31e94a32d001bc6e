"""The first spec of a site, made from a few answers: a nightly BRMS save on the clone.

The compiler itself judges the answers: what it has to say about the spec made from them is the reason why
an answer is not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flashc.check import load
from flashc.check.model import Spec

SPEC = """\
# Nightly save of {name} on its clone: BRMS control group {control_group} in restricted state.
# Production is held for seconds; the save, the tapes and the hours are the clone's.

system {name} {{
    host      "{host}" user {user}
    identity  serial {serial} lpar {lpar}  # how a program knows that it is on production
    library   {library}
    release   {release}
}}

console {console_name} is hmc {{ address "{console}"  user "flashc"  key "console_ed25519" }}
array {array_name} is svc {{ address "{array}"  user "flashc"  key "array_ed25519" }}
{mail_server}
clone {clone_name} of {name} {{
    partition {clone_lpar} "{clone}" on "{managed_system}" through {console_name} profile "{profile}"
    disks     group "{group}" on {array_name}
    network   isolated  # no VLAN of production in the profile; checked on the console at every run
    link      source "{link_source}" clone "{link_clone}" line {line} vlan {vlan}
    previous  ended within 10m then immediately
}}

environment {environment} on {clone_name} {{
    every {days} at {at}
    # around flash {{ hold job USER/JOB }}
    quiesce within 60s otherwise abort  # time to reach the suspended state
    resume within 30s                   # time to hold it; guard jobs enforce it
    on clone brms {{
        group {control_group} library {tape_library} restricted within {save_limit}
    }}
    boot within 90m
    afterwards maintenance brms without movement
    leave clone off
{mail_line}}}
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know: its key (also the option's name), the question, and the usual answer."""

    key: str
    text: str
    usual: Callable[[dict[str, str]], str]


def _always(text: str) -> Callable[[dict[str, str]], str]:
    return lambda _: text


QUESTIONS: tuple[Question, ...] = (
    Question("name", "Name of the production partition, in capitals", _always("PROD")),
    Question("host", "Its address", lambda a: f"{a['name'].lower()}.example.net"),
    Question("user", "User profile that deploys there", _always("FLASHC")),
    Question("serial", "Serial number of its machine (DSPSYSVAL QSRLNBR)", _always("78ABC12")),
    Question("lpar", "Its partition id", _always("24")),
    Question("release", "Its release of IBM i", _always("7.4")),
    Question("library", "Library for the programs that flashc makes", _always("FLASHBCK")),
    Question("console", "Address of the HMC", _always("10.1.0.10")),
    Question("array", "Address of the storage system (SVC family)", _always("10.1.0.20")),
    Question("clone", "Name of the clone's partition on the HMC", lambda a: f"{a['name']}_CLONE"),
    Question("clone_lpar", "Its partition id", lambda a: str(_number(a["lpar"]) + 1)),
    Question("managed_system", "Its managed system", lambda a: f"Server-9009-42A-SN{a['serial']}"),
    Question("profile", "Its profile", _always("clone")),
    Question(
        "group", "Consistency group that copies production to its disks", lambda a: _as_name(a["clone"])
    ),
    Question("link_source", "Address of production on the private link", _always("192.168.99.15")),
    Question("link_clone", "Address of the clone on the private link", _always("192.168.99.16")),
    Question("line", "Line description of the link", _always("ETHCLONE")),
    Question("vlan", "VLAN of the link", _always("99")),
    Question("environment", "Name of the run", _always("DAILY")),
    Question("days", "On which days: day, weekday, or mon tue …", _always("day")),
    Question("at", "At what time", _always("20:35")),
    Question("control_group", "BRMS control group", _always("SAV21")),
    Question("tape_library", "Tape library", _always("TAPMLB01")),
    Question("save_limit", "Longest time that the save may take", _always("8h")),
    Question("mail", "Mail address for the results (empty for none)", _always("")),
    Question("mail_server", "Mail server", _always("10.1.0.25")),
)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def usual_answers(given: dict[str, str]) -> dict[str, str]:
    """The answers given, and the usual ones for the rest."""
    answers: dict[str, str] = {}
    for question in QUESTIONS:
        answer = given.get(question.key)
        answers[question.key] = question.usual(answers) if answer is None else answer
    return answers


def spec_text(answers: dict[str, str]) -> str:
    """The spec for a full set of answers, in canonical layout if the answers are right."""
    clone_name = _as_name(answers["clone"])
    answers = {key: answer.replace('"', '""') for key, answer in answers.items()}
    mail = answers["mail"]
    from_host = answers["host"].rpartition("]")[2].partition(":")[0]
    sender = f"flashc@{from_host}"
    return SPEC.format(
        **{k: v for k, v in answers.items() if k not in ("mail", "mail_server")},
        console_name="HMC1",
        array_name="ARRAY1",
        clone_name=clone_name,
        mail_server=f'mail server "{answers["mail_server"]}" from "{sender}"\n' if mail else "",
        mail_line=f'    mail "{mail}" on start, flash, failure, end\n' if mail else "",
    )


def _as_name(text: str) -> str:
    """A name of the language for a name that the console shows."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in text.upper())
    return name if name[:1].isalpha() else f"C{name}"


def checked(answers: dict[str, str], file: str) -> tuple[Spec | None, str]:
    """The spec for a full set of answers, or the first reason why there is none."""
    text = spec_text(answers)
    if answers["clone"] == answers["name"]:
        return (
            None,
            f"{answers['name']} is production; its clone is another partition, with a name of its own.",
        )
    spec, problems = load(file, lambda _: text.encode("utf-8", "surrogateescape"))
    wrong = [p for p in problems if p.severity == "error"] or problems
    if not wrong:
        return spec, ""
    first = wrong[0]
    return None, f"{first.message}. {first.help}" if first.help else f"{first.message}."
