"""`flashc survey`: what on a partition a spec would need, and a draft of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flashc.cli.partition import JsonOption, KeyOption, MapOption, places, say, telling

if TYPE_CHECKING:
    from flashc.deploy.survey import Survey

PORT = 22
SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("survey", no_args_is_help=True)(survey)


def survey(
    host: Annotated[str, typer.Argument(metavar="HOST[:PORT]", help="The partition's address.")],
    known_hosts: Annotated[
        Path, typer.Option("--known-hosts", metavar="FILE", help="Pinned host key, as OpenSSH writes it.")
    ],
    user: Annotated[str, typer.Option(help="The profile to log in with.")] = "FLASHC",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a draft spec there.")
    ] = None,
    key: KeyOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Look at a partition that has no spec yet: identity, schedule, job queues, Domino, BRMS, devices, link.

    The draft has what was found where flashc init would ask, the usual answers elsewhere, and the rest as
    comments.  Console and array are not asked.  Nothing is changed on the partition, no file overwritten.

    \b
    Examples:
      flashc survey sistprod.example.net --known-hosts ~/.ssh/known_hosts
      flashc survey sistprod.example.net --known-hosts ~/.ssh/known_hosts --out nightly.flash

    Exit status: 0, 3 the partition could not be reached, or the file not written, 4 its host key is not the
    pinned one, or the file exists, 64 wrong usage.
    """
    from flashc.cli.output import write_json
    from flashc.cli.reading import stop
    from flashc.deploy.hostkeys import parse
    from flashc.deploy.ssh import Target, connect
    from flashc.deploy.survey import survey as look
    from flashc.deploy.trust import pins_bytes

    name, _, port = host.partition(":")
    if not name or (port and not port.isdigit()):
        stop(f"no address: {host}", as_json)
    if out is not None and out.exists():
        stop(f"{out} exists and is not overwritten", as_json, 4)
    where = places(connect_map)
    with telling(as_json):
        known = parse(pins_bytes(known_hosts).decode("utf-8", "replace"))
        session = connect(Target(name, int(port or PORT)), user, known, key_file=key, places=where)
        try:
            found = look(session)
        finally:
            session.close()
    text = draft(found, host, user)
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            stop(f"{out}: {error.strerror or error}", as_json, 3)
    if as_json:
        write_json({**found.as_json(), "draft": text})
    elif out is None:
        say(text)
    else:
        _tell(found, out)


def draft(found: Survey, host: str, user: str) -> str:
    """A spec that checks: its answers where the partition told them, all that was found as comments."""
    from flashc.cli.first_spec import checked, spec_text, usual_answers

    given = found.answers(host, user)
    answers = usual_answers(given)
    while checked(answers, "draft.flash")[0] is None and given:
        # An answer that no spec takes (a name of another form) is left to the usual one, and told below.
        given.popitem()
        answers = usual_answers(given)
    told = ", ".join(sorted(given)) or "nothing"
    lines = [f"# Draft by flashc survey of {host}. Read there: {told}; everything else is a guess.", "#"]
    lines += [f"# {line}".rstrip() for line in listing(found)]
    return "\n".join([*lines, "", spec_text(answers)])


def listing(found: Survey) -> list[str]:
    """What was found, in lines; none can end a comment."""
    lines: list[str] = []
    for question, rows in found.rows.items():
        if question == "jobs":
            continue
        lines.append(f"{question}:")
        lines += [f"  {'  '.join(one for one in row if one)}" for row in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(f"  and {len(rows) - SHOWN} more")
    lines.append(f"subsystems with Domino (WRKDOMSVR names servers): {' '.join(found.domino) or 'none seen'}")
    lines.append(f"subsystems of the site: {' '.join(found.subsystems) or 'none seen'}")
    lines += [f"not read: {question}: {why}" for question, why in found.failed.items()]
    return [" ".join(line.splitlines()) for line in lines]


def _tell(found: Survey, out: Path) -> None:
    say(f"{out}: a draft; compare every line, then flashc check {out}")
    for question, why in found.failed.items():
        say(f"  not read: {question}: {why}")
