"""`flashc twin`: the simulated site by itself."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from flashc.cli.help import Listed

app = typer.Typer(
    cls=Listed, help="A simulated site to try things on.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _group() -> None:
    """Makes `serve` a command of its own word even while it is the only one."""


@app.command("serve", no_args_is_help=True)
def serve(
    site: Annotated[Path, typer.Argument(metavar="SITE", help="The site file.")],
    access: Annotated[
        Path, typer.Option("--access", metavar="DIR", help="Folder for address map, host keys and keys.")
    ] = Path("twin-access"),
    speed: Annotated[float, typer.Option(min=0.1, max=3600, help="Seconds of the site in a real one.")] = 1.0,
) -> None:
    """Serve a site's consoles, arrays and partitions by SSH on this machine until interrupted.

    \b
    Examples:
      flashc twin serve nightly.site.toml --speed 60
      flashc deploy nightly.flash --connect-map twin-access/connect.json \\
          --known-hosts twin-access/known_hosts --key twin-access/keys/deploy_ed25519
      ssh -p PORT -i twin-access/keys/hmc1_ed25519 flashc@127.0.0.1 lssyscfg -r sys -F name,state

    A partition's security officer is let in as QSECOFR with the key officer_ed25519; docs/twin.md
    goes through it.

    Exit status: 0 interrupted, 1 the site file is wrong, or a job met what the twin does not model.
    """
    from flashtwin.build import build_world
    from flashtwin.errors import TwinError
    from flashtwin.site_load import SiteError, read_site
    from flashtwin.site_network import open_network

    from flashc.cli.output import harmless
    from flashc.cli.serving import ports, with_officer, write_access
    from flashc.cli.serving import serve as run

    try:
        loaded = with_officer(read_site(site))
    except SiteError as error:
        typer.echo(f"flashc: {harmless(str(error))}", err=True)
        raise typer.Exit(1) from None
    with tempfile.TemporaryDirectory(prefix="flashc-twin-") as folder:
        world = build_world(loaded, Path(folder))
        gate = open_network(world, "process")
        try:
            write_access(loaded, gate, access)
            for address, place in ports(gate).items():
                print(f"{address:<32} {place}")
            print(f"address map, host keys and keys are in {access}; end with Ctrl-C", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                run(world, gate, lambda: False, speed)
        except TwinError as error:
            typer.echo(f"flashc: {harmless(str(error))}", err=True)
            raise typer.Exit(1) from None
        finally:
            gate.close()
