"""One look at a running clone: partition state, reference code, and whether its delivery has arrived."""

from __future__ import annotations

from flashrt.beat import last_beat
from flashrt.config import CloneConf, Config
from flashrt.consoles.base import open_console, title
from flashrt.delivery import arrived
from flashrt.edges import Edges
from flashrt.result import Result
from flashrt.status import SidecarError


def watch(config: Config, clone: CloneConf, run: str, edges: Edges) -> Result:
    """Word and reference code of the partition; extra1 DELIVERED, PARTIAL or NONE; extra2 the
    clone's last sign of life (`flashrt.beat`).

    The inbox is looked at even where the console cannot be reached; the status then is the console's error.
    """
    delivered = arrived(config, run)
    try:
        driver = open_console(config, clone, edges)
        try:
            found = driver.state(clone)
        finally:
            driver.close()
    except SidecarError as error:
        return Result(f"{error.text} Delivery: {delivered}.", error.word, error.status, "", delivered)
    code = found.refcode or "none"
    text = f"{title(clone)} state: {found.state}, src={code}, delivery {delivered}."
    return Result(
        text, found.word, refcode=found.refcode, extra1=delivered, extra2=last_beat(config, clone, run)
    )
