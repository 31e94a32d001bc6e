"""`flashc doctor`: settle on a real partition what the code relies on, without changing anything."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import typer

from flashc.cli.partition import (
    JsonOption,
    KeyOption,
    KnownHostsOption,
    MapOption,
    SpecArgument,
    SystemOption,
    connected,
    pins_path,
    places,
    say,
    telling,
)

if TYPE_CHECKING:
    from flashc.deploy.doctor import Answer

WIDTH = 80


def register(app: typer.Typer) -> None:
    """Add the command to the main app."""
    app.command("doctor")(doctor)


def doctor(
    spec: SpecArgument,
    known_hosts: KnownHostsOption = None,
    key: KeyOption = "",
    system: SystemOption = "",
    as_json: JsonOption = False,
    connect_map: MapOption = None,
) -> None:
    """Ask the partition for each fact that the product relies on: is it so here?

    Services and their columns, authorities, programs, versions; and through the sidecar, once it is there,
    whether the storage systems have what the clones' copies need (what is missing comes with the commands
    that make it), and whether the clocks that tell their copies apart can be relied on.  Nothing is changed.
    What no question can settle is listed with the way to settle it by hand; docs/platform-facts.md has the
    sources.

    \b
    Examples:
      flashc doctor nightly.flash
      flashc doctor nightly.flash --json

    Exit status: 0 everything that was asked is as it must be, 1 the spec has errors, 2 something is not, or
    was not answered, 3 the partition could not be reached, 4 its host key is not the pinned one.
    """
    from flashc.cli.bundles import loaded, system_of
    from flashc.cli.output import write_json
    from flashc.deploy.doctor import (
        before_deployment,
        examine,
        examine_arrays,
        examine_clocks,
        facts_of,
        is_deployed,
    )
    from flashc.deploy.trust import pins_bytes

    checked, _, _ = loaded(spec, as_json)
    wanted = system_of(checked, system)
    where = places(connect_map)
    with telling(as_json):
        pins = pins_bytes(pins_path(spec, known_hosts))
        with connected(wanted, pins, key, where) as session:
            answers = examine(facts_of(checked, wanted), wanted, session)
            answers += examine_arrays(checked, wanted, session)
            answers += examine_clocks(checked, wanted, session)
            if not is_deployed(wanted, session):
                answers = before_deployment(answers)
    good = all(one.outcome in ("yes", "by hand") for one in answers)
    if as_json:
        write_json({"system": wanted.name, "good": good, "facts": [one.as_json() for one in answers]})
    else:
        say(f"{wanted.name} ({wanted.host})")
        for one in answers:
            _show(one)
        counts = {
            o: sum(one.outcome == o for one in answers) for o in ("yes", "no", "unknown", "later", "by hand")
        }
        say(", ".join(f"{number} {outcome}" for outcome, number in counts.items()))
    if not good:
        raise typer.Exit(2)


def _show(one: Answer) -> None:
    say(f"  {one.outcome:<8} {one.fact.title}")
    more = [f"seen: {one.seen}"] if one.seen else []
    todo = one.as_json()["todo"]
    more += [todo] if todo else []
    for text in more:
        for line in textwrap.wrap(text, WIDTH - 11):
            say(f"{'':<11}{line}")
    for command in one.commands:
        say(f"{'':<13}{command}")
