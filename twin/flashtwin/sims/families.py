"""The simulators by family: how a world gets its storage systems and consoles.

Each takes the world and its part of the site.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flashtwin.errors import TwinError
from flashtwin.sims.custom import Custom
from flashtwin.sims.ds8000 import Ds8000
from flashtwin.sims.fsm import Fsm
from flashtwin.sims.hitachi import Hitachi
from flashtwin.sims.hmc import Hmc
from flashtwin.sims.hmc_rest import HmcRest
from flashtwin.sims.novalink import NovaLink
from flashtwin.sims.powermax import PowerMax
from flashtwin.sims.powervs import PowerVs
from flashtwin.sims.powervs_console import PowerVsConsole
from flashtwin.sims.pure import Pure
from flashtwin.sims.svc import Svc
from flashtwin.site import ArraySite, ConsoleSite

if TYPE_CHECKING:
    from flashtwin.world import World

ARRAYS: dict[str, Callable[[World, ArraySite], Any]] = {
    "svc": Svc,
    "ds8000": Ds8000,
    "powermax": PowerMax,
    "pure": Pure,
    "hitachi": Hitachi,
    "powervs": PowerVs,
    "custom": Custom,
}

CONSOLES: dict[str, Callable[[World, ConsoleSite], Any]] = {
    "hmc": Hmc,
    "fsm": Fsm,
    "novalink": NovaLink,
    "powervs": PowerVsConsole,
}
BY_REST: dict[str, Callable[[World, ConsoleSite], Any]] = {"hmc": HmcRest}
"""Consoles whose users have passwords in the site: they are asked by REST."""


def array(world: World, config: ArraySite) -> Any:
    """The simulated storage system that a site describes."""
    if config.family not in ARRAYS:
        raise TwinError(f"array {config.name}: the twin has no simulator of family {config.family}")
    return ARRAYS[config.family](world, config)


def console(world: World, config: ConsoleSite) -> Any:
    """The simulated console that a site describes."""
    if config.family not in CONSOLES:
        raise TwinError(f"console {config.name}: the twin has no simulator of family {config.family}")
    by_rest = config.family in BY_REST and any(user.secrets for user in config.users)
    return (BY_REST if by_rest else CONSOLES)[config.family](world, config)
