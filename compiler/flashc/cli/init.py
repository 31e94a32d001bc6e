"""`flashc init`: the first spec of a site, and a site file to rehearse it on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="init")(init)


def _flag(about: str) -> typer.models.OptionInfo:
    info: typer.models.OptionInfo = typer.Option(help=about, show_default=False)
    return info


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The spec to write.")] = Path("nightly.flash"),
    name: Annotated[str | None, _flag("Name of the production partition.")] = None,
    host: Annotated[str | None, _flag("Its address.")] = None,
    user: Annotated[str | None, _flag("User profile that deploys there.")] = None,
    serial: Annotated[str | None, _flag("Serial number of its machine.")] = None,
    lpar: Annotated[str | None, _flag("Its partition id.")] = None,
    release: Annotated[str | None, _flag("Its release of IBM i.")] = None,
    library: Annotated[str | None, _flag("Library for the generated programs.")] = None,
    console: Annotated[str | None, _flag("Address of the HMC.")] = None,
    array: Annotated[str | None, _flag("Address of the storage system (SVC family).")] = None,
    clone: Annotated[str | None, _flag("Name of the clone's partition on the HMC.")] = None,
    clone_lpar: Annotated[str | None, _flag("Its partition id.")] = None,
    managed_system: Annotated[str | None, _flag("Its managed system.")] = None,
    profile: Annotated[str | None, _flag("Its profile.")] = None,
    group: Annotated[str | None, _flag("Consistency group that fills its disks.")] = None,
    link_source: Annotated[str | None, _flag("Address of production on the link.")] = None,
    link_clone: Annotated[str | None, _flag("Address of the clone on the link.")] = None,
    line: Annotated[str | None, _flag("Line description of the link.")] = None,
    vlan: Annotated[str | None, _flag("VLAN of the link.")] = None,
    environment: Annotated[str | None, _flag("Name of the run.")] = None,
    days: Annotated[str | None, _flag("Its days: day, weekday, or such as 'mon thu'.")] = None,
    at: Annotated[str | None, _flag("Its time of day.")] = None,
    control_group: Annotated[str | None, _flag("BRMS control group.")] = None,
    tape_library: Annotated[str | None, _flag("Tape library.")] = None,
    save_limit: Annotated[str | None, _flag("Longest time that the save may take, such as 8h.")] = None,
    mail: Annotated[str | None, _flag("Mail address for the results; empty for none.")] = None,
    mail_server: Annotated[str | None, _flag("Mail server.")] = None,
    defaults: Annotated[bool, typer.Option("--defaults", help="Ask nothing; take usual answers.")] = False,
) -> None:
    """Write a first spec, and a site file on which it can be rehearsed at once.

    What is not given as an option is asked. Nothing is overwritten.

    \b
    Examples:
      flashc init
      flashc init nightly.flash --name SISTPROD --serial 78ABC12 --defaults

    Exit status: 0 written, 1 a file cannot be written, 4 a file exists, 64 a wrong answer or none.
    """
    given = {key: value for key, value in locals().items() if key not in ("file", "defaults")}
    site_file = file.with_name(f"{file.stem}.site.toml")
    if file.suffix != ".flash":
        raise typer.BadParameter(f"{file}: the name of a spec ends in .flash")
    for path in (file, site_file):
        if path.exists():
            typer.echo(f"flashc: {path} exists and is not overwritten; choose another name", err=True)
            raise typer.Exit(4)
    answers = _answers({k: v for k, v in given.items() if v is not None}, str(file), asking=not defaults)
    _write(file, site_file, answers)
    typer.echo(f"{file} and {site_file} written.  Next:")
    for command in ("check", "explain", "rehearse"):
        typer.echo(f"  flashc {command} {file}")


def _answers(given: dict[str, str], file: str, *, asking: bool) -> dict[str, str]:
    """An answer to every question: given, asked for, or the usual one; each is judged at once."""
    from flashc.cli.first_spec import QUESTIONS, checked, usual_answers

    known: dict[str, str] = {}
    for question in QUESTIONS:
        key = question.key
        if key in given:
            known[key] = given[key]
            reason = checked(usual_answers(known), file)[1]
            if reason:
                raise typer.BadParameter(f"--{key.replace('_', '-')} {given[key]}: {reason}")
            continue
        usual = question.usual(known)
        while True:
            known[key] = usual
            if asking and not (key == "mail_server" and not known["mail"]):
                known[key] = _asked(question.text, usual, f"--{key.replace('_', '-')}")
            reason = checked(usual_answers(known), file)[1]
            if not reason:
                break
            if not asking:
                raise typer.BadParameter(f"--{key.replace('_', '-')} is needed: {reason}")
            typer.echo(f"  {reason}", err=True)
    return known


def _asked(text: str, usual: str, flag: str) -> str:
    """The person's answer; at the end of the input there is nobody to ask, and the flag says it instead."""
    try:
        answer: str = typer.prompt(text, default=usual, show_default=bool(usual))
    except typer.Abort as abort:
        if not isinstance(abort.__context__, EOFError):
            raise
        typer.echo(err=True)
        raise typer.BadParameter(
            f"the input ended at the question for {flag}: give {flag}, or --defaults for the usual answers"
        ) from None
    return answer


def _write(file: Path, site_file: Path, answers: dict[str, str]) -> None:
    """Write both files, neither over anything that is there."""
    from flashc.cli.first_spec import checked, spec_text
    from flashc.syntax.format import format_text

    spec, reason = checked(answers, str(file))
    if spec is None:
        raise typer.BadParameter(reason)
    text = format_text(spec_text(answers), str(file))[0]
    assert text is not None  # it was checked
    from flashtwin.derive.site import derive_site

    from flashc.cli.site_choice import needs_of
    from flashc.cli.site_text import site_text

    head = (
        f"# The site of {file.name}: an ordinary evening that has everything the spec names.\n"
        "# Everything that is left out has the usual value.  Change something here and rehearse again\n"
        "# to see what the run does about it; durations for instance:\n"
        '#   [durations]\n#   suspend = "3s"\n#   save = "4h50m"\n\n'
    )
    for path, contents in ((file, text), (site_file, head + site_text(derive_site(needs_of(spec))))):
        try:
            with path.open("x", encoding="utf-8", newline="\n") as out:
                out.write(contents)
        except OSError as error:
            typer.echo(f"flashc: {path} cannot be written: {error.strerror or error}", err=True)
            raise typer.Exit(1) from None
