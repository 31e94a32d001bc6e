"""The command `flashc`: finds its commands, turns wrong usage into exit status 64.

Each command has a module of its own, `flashc.cli.NAME`, with `register(app)` (or, for a group of
commands, an `app`).  Such a module imports what it works with only when it works.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Annotated, Any, ClassVar

import typer

from flashc.cli.help import Listed

WRONG_USAGE = 64
INTERRUPTED = 130

_ABOUT = """Compile a short spec into IBM i programs that clone a partition and save it there.

\b
Examples:
  flashc check nightly.flash         is the spec right?
  flashc check nightly.flash --json  the same for tools
  flashc explain FL3023              what a message means, with an example

\b
Exit status: 0 done, 1 the spec has errors, 2 changes pending, 3 a system could not be
reached, 4 refused for safety, 5 a rehearsed run failed, 64 wrong usage.
"""


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"flashc {version('flashc')}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Replaced by _ABOUT; exists for the options before the command."""


class _ByTask(Listed):
    tasks: ClassVar = {
        "Write a spec": ("init", "survey", "check", "fmt", "explain", "calendar", "lsp"),
        "Rehearse it": ("rehearse", "demo", "twin"),
        "Bring it to the partition": ("build", "trust", "doctor", "plan", "deploy", "drift", "remove"),
        "Look at runs": ("status", "history", "log", "report", "export"),
        "Work with any CL source": ("cl",),
    }


def build_app() -> typer.Typer:
    """The application with every command that is there."""
    app = typer.Typer(
        name="flashc",
        cls=_ByTask,
        help=_ABOUT,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(help=_ABOUT)(_top)
    for name in (name for names in _ByTask.tasks.values() for name in names):
        module: Any = import_module(f"flashc.cli.{name}")
        if hasattr(module, "register"):
            module.register(app)
        else:
            app.add_typer(module.app, name=name)
    return app


# Typer carries its own copy of click from 0.26 on; the class is found without naming either place.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def run(arguments: list[str]) -> int:
    """Run one command line (without the program's name); returns the exit status."""
    command = typer.main.get_command(build_app())
    try:
        status = command.main(args=arguments, prog_name="flashc", standalone_mode=False)
    except _UsageError as error:
        _say_usage(error, arguments)
        return WRONG_USAGE
    except (typer.Abort, KeyboardInterrupt):
        print("flashc: interrupted", file=sys.stderr)
        return INTERRUPTED
    except typer.Exit as exit_:
        return exit_.exit_code
    return status if isinstance(status, int) else 0


def _say_usage(error: Any, arguments: list[str]) -> None:
    """Say what is wrong with the command line; with --json, tools get a document on stdout too."""
    message = error.format_message()
    path = error.ctx.command_path if error.ctx else "flashc"
    if message.startswith("Usage:"):  # no arguments at all: the message is the help
        print(message, file=sys.stderr)
    elif message:
        print(f"flashc: {message}\nTry `{path} --help`.", file=sys.stderr)
    if "--json" in arguments:
        print(json.dumps({"diagnostics": [], "error": {"status": WRONG_USAGE, "message": message}}))


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show `…` must not end in a traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough
        sys.stderr.close()
        status = 0
        # Python would write what is left at exit and fail again.
        sys.stdout = _nowhere()
    raise SystemExit(status)


def _nowhere() -> Any:
    """A text stream that swallows what is written to it."""
    import os

    return open(os.devnull, "w", encoding="utf-8")


if __name__ == "__main__":
    main()
