"""`flashc lsp`: the language server for editors."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="lsp")(lsp)


def lsp(
    stdio: Annotated[bool, typer.Option("--stdio", hidden=True, help="What some editors add.")] = True,
) -> None:
    """Serve an editor by the Language Server Protocol, on stdin and stdout.

    Diagnostics while typing, completion, hover, definition, references, rename, formatting, outline.
    Needs the extra `lsp`; in flashc's folder: pip install '.[lsp]'

    \b
    Example, in the settings of an editor:
      flashc lsp
    """
    del stdio  # there is no other way to be spoken to
    import os
    import sys
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        typer.echo(
            "flashc: the language server needs pygls; in flashc's folder: pip install '.[lsp]'", err=True
        )
        raise typer.Exit(1)
    from flashc.lsp.server import make_server

    # The messages have a file of their own: nothing that is printed can come between them.
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    make_server().start_io(sys.stdin.buffer, messages)
