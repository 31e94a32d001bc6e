"""`flashc explain`: what a diagnostic code means."""

from __future__ import annotations

from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="explain", no_args_is_help=True)(explain)


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of a diagnostic, such as FL3023.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
) -> None:
    """Explain the code of a diagnostic: what is demanded, why, and what right text looks like.

    \b
    Examples:
      flashc explain FL3023
      flashc explain CL0203
    """
    from flashc.cli import output

    entry = _entry(code.strip().upper())
    if entry is None:
        raise typer.BadParameter(_unknown(code))
    if as_json:
        output.write_json(entry)
        return
    print(f"{entry['code']} ({entry['severity']}): {entry['title']}")
    if entry["why"]:
        print(f"\n{entry['why']}")
    if entry["help"]:
        print(f"\nWhat to do: {entry['help']}")
    for key, title in (("wrong", "Wrong"), ("right", "Right")):
        if entry[key]:
            lines = "\n".join(f"    {line}" for line in entry[key].split("\n"))
            print(f"\n{title}:\n{lines}")


def _entry(code: str) -> dict[str, Any] | None:
    """The page of a code, from the rules of specs or those of CL sources."""
    if code.startswith("FL"):
        from dataclasses import asdict

        from flashc.check.rules import RULES

        return asdict(RULES[code]) if code in RULES else None
    from flashc.cl.codes import OWN

    if code not in OWN:
        return None
    title = OWN[code][:1].upper() + OWN[code][1:]
    return {
        "code": code,
        "title": title,
        "severity": "error",
        "why": "A rule of CL sources, checked by `flashc cl check` and in every build.",
        "help": "",
        "wrong": "",
        "right": "",
    }


def _unknown(code: str) -> str:
    from flashc.check.rules import RULES
    from flashc.syntax.words import nearest, shown

    near = nearest(code.strip().upper(), list(RULES))
    hint = f"; did you mean {near}?" if near else ""
    return f"no diagnostic has the code {shown(code)}{hint}"
