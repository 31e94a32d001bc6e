"""A simulated Flex System Manager: the HMC's commands behind `smcli`, and nothing without it.

Written from docs/platform-facts.md#fsm: `smcli [-c] [-prompt] [-user NAME] [-pw PASSWORD] COMMAND`, and
status 1 for a usage error.  The commands that a Power node needs answer as an HMC's do;
that they do on a real one is not confirmed, and others of an HMC are not offered.
"""

from __future__ import annotations

from flashtwin.sims import shell
from flashtwin.sims.hmc import Hmc
from flashtwin.sims.outcome import Outcome

COMMANDS = ("lssyscfg", "lsrefcode", "lshwres", "chsysstate", "viosvrcmd")
"""The HMC's commands that are taken to be there."""
USAGE = 1


class Fsm(Hmc):
    """A console with its users; see `flashtwin.sims.hmc.Hmc`."""

    PREFIX = "smcli "

    def _run(self, user: str, line: shell.Line) -> Outcome:
        name, words = line.words[0], line.words[1:]
        if name != "smcli":
            return Outcome(127, err=f"rbash: {name}: command not found\n")
        if not words:
            return _usage("no command was given")
        if words[0] in ("-user", "-pw", "-prompt", "-c"):
            # Somebody else's name and password on a command line: no run has a reason for it.
            return _usage(f"{words[0]} is not offered to this user")
        if words[0] not in COMMANDS:
            return _usage(f"{words[0]} is not a command")
        return super()._run(user, shell.Line(words, line.environment))


def _usage(why: str) -> Outcome:
    return Outcome(USAGE, err=f"smcli: {why}\n")
