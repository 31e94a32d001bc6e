"""What the editor shows about each statement of the language."""

from __future__ import annotations

from flashc.syntax.words import example

PAGES: dict[str, str] = {
    "system": "A production partition: where the programs are deployed and the schedule runs.",
    "console": "The console that switches the clone's partition on and off. Family: `hmc`.",
    "array": "The storage system that makes the copy. Family: `svc` (SVC, Storwize, FlashSystem).",
    "clone": "A partition that starts from the copy of a system's disks.",
    "environment": "A kind of run: when it starts, how production is held, what the clone does.",
    "command": "A command of the site that `run` may use; with `from`, its source is deployed too.",
    "file mail": "The SMTP server that takes the mails, and their sender. Port 25 unless one is given.",
    "host": "Where the system answers by SSH, and the user profile that deploys there.",
    "identity": "Machine serial number and partition id: how a program knows that it is on production. "
    "Several pairs where the partition may move (LPM, DR).",
    "library": "The library of the generated programs. A second one, its first nine characters and a G, "
    "holds the start-up guard.",
    "release": "The release of IBM i that the programs are made for: 7.3 to 7.6.",
    "address": "Address with an optional port; further ones are tried when the first cannot be reached.",
    "user": "The user with which the sidecar logs in.",
    "key": "The name of a key file in the product's key folder on production; never the key itself.",
    "partition": "The clone's partition: id and name, its managed system, the console, and the profile it "
    "is started with.",
    "disks": "A consistency group that copies the system's disks to the clone's. Several may be given.",
    "network": "`isolated`: the profile has no VLAN of production but the link's, checked at every run. "
    "Otherwise `not isolated because` and the reason why that is safe.",
    "link": "The private network over which logs and media information come home: both addresses, the line, "
    "and its VLAN.",
    "previous": "What happens to the clone of the last run: ended in order within a limit (10m), then "
    "immediately if that is said; or immediately at once.",
    "every": "When the job scheduler starts the run: `day`, `weekday` or days, and one or more times of the "
    "system's clock. May be given several times.",
    "require": "A further consistency group that must be idle or copied before the run touches anything.",
    "around": "What is done to production just before the copy and undone right after the resume, in reverse "
    "order, in every outcome.",
    "hold": "Holds a job and releases just that job again.",
    "end": "Ends a Domino server, with a limit, and starts it again.",
    "run": "Runs a CL command, and the one that undoes it. Each has the limit (5m if none is given).",
    "quiesce": "How long production may take to reach the suspended state (1s to 10m), how often it is tried "
    "again, and what to do otherwise: `abort`, `continue partial`, or `flush only`.",
    "resume": "How long production may be held, 15s to 10m together with the quiesce; guard jobs enforce it.",
    "boot": "How long the clone may take to start (5m to 24h; 90m if not given).",
    "on": "The save on the clone, with BRMS.",
    "group": "The BRMS control group, the tape library, and the longest time of the save; `restricted` for a "
    "save in restricted state.",
    "set": "The one system value that may be changed on the clone before the save: QINACTITV to *NONE.",
    "afterwards": "BRMS maintenance on production when all is home, with or without movement.",
    "leave": "The clone stays `running` after the save, or is switched `off` (if not given).",
    "mail": "A mail at the start, after the flash, on failure, at the end.",
}
"""Key: as in `flashc.syntax.words.EXAMPLES`."""


def page(block: str, first: str) -> str | None:
    """Markdown about the statement that begins with a word in a block (`file` at the top)."""
    text = PAGES.get(f"{block} {first}") or PAGES.get(first)
    if text is None:
        return None
    shown = example(block, first)
    return f"{text}\n\n```flash\n{shown}\n```" if shown else text
