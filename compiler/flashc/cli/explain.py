"""`flashc explain`: a spec's runbook, or what a code means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="explain", no_args_is_help=True)(explain)


def explain(
    what: Annotated[
        str,
        typer.Argument(metavar="SPEC|CODE", help="A spec, or a code: FL3023, CL0203, a step O55, FLE0023."),
    ],
    environment: Annotated[str, typer.Option(help="Only this environment of the spec.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout.")] = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Write one HTML document with a flow picture, to stdout or FILE.")
    ] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="With --html.")] = None,
) -> None:
    """Explain a spec as the runbook that people read, or the code of a diagnostic, step or message.

    \b
    Examples:
      flashc explain examples/nightly_brms.flash
      flashc explain nightly.flash --environment DAILY --json
      flashc explain nightly.flash --html -o runbook.html
      flashc explain FL3023
      flashc explain O55

    Exit status: 0, 1 the spec has errors or the page cannot be written, 64 wrong usage, an unknown code too.
    """
    if as_html and as_json:
        raise typer.BadParameter("one of --html and --json, not both")
    if out is not None and not as_html:
        raise typer.BadParameter("-o goes with --html")
    if what.lower().endswith(".flash") or "/" in what or "\\" in what:
        _explain_spec(what, environment, as_json, as_html, out)
        return
    if as_html:
        raise typer.BadParameter("--html shows a spec")
    from flashc.cli import output

    code = what
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


def _explain_spec(spec: str, environment: str, as_json: bool, as_html: bool, out: Path | None) -> None:
    from flashc.cli import output
    from flashc.cli.bundles import loaded
    from flashc.cli.runbook_view import document, text_of

    checked, diagnostics, texts = loaded(spec, as_json)
    names = [e.name for e in checked.environments]
    if environment and environment not in names:
        raise typer.BadParameter(f"no environment {environment}; the spec has {', '.join(names)}")
    if as_json:
        output.write_json(
            {"diagnostics": [d.as_json() for d in diagnostics], **document(checked, environment)}
        )
        return
    output.show(diagnostics, texts)
    if as_html:
        from flashc.cli.runbook_html import html_of

        _write(html_of(checked, environment).encode("utf-8"), out)
        return
    print(output.harmless(text_of(checked, environment)))


def _write(page: bytes, out: Path | None) -> None:
    if out is None:
        typer.echo(page, nl=False)
        return
    try:
        out.write_bytes(page)
    except OSError as error:
        typer.echo(f"flashc: cannot write {out}: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def _entry(code: str) -> dict[str, Any] | None:
    """The page of a code, from the rules of specs, those of CL sources, or the product's messages."""
    from flashc.cli.runbook_view import message_page

    page = message_page(code)
    if page is not None:
        return page
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
