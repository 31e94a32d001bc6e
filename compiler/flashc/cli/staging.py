"""Setting the stage: build the world of a site, deploy, play the security officer, deploy the entries."""

from __future__ import annotations

import json
from pathlib import Path

from flashtwin.build import build_world
from flashtwin.gate import Mode
from flashtwin.keys import private_key, public_key, secret_text
from flashtwin.objects import DataArea
from flashtwin.sims.partition_ssh import authorise
from flashtwin.site import Site
from flashtwin.site_network import open_network

from flashc.bundle import Bundle
from flashc.check.model import Spec
from flashc.cli.installing import install
from flashc.cli.stage import Observer, Stage, StageError
from flashc.collector import collector_paused
from flashc.deploy.trust import delivery_line

DELIVERY_KEY = "delivery_ed25519"


def set_up(
    spec: Spec, bundle: Bundle, site: Site, folder: Path, mode: Mode, observer: Observer | None = None
) -> Stage:
    """Build the world, deploy the bundle, play the security officer, deploy the schedule entries that waited.

    A deployment that is refused leaves the stage without a night (`Stage.refused`).  StageError: the site has
    no partition to deploy to.
    """
    # What a world is made of stays, and there is much of it to search.
    with collector_paused():
        return _set_up(spec, bundle, site, folder, mode, observer or Observer())


def _set_up(spec: Spec, bundle: Bundle, site: Site, folder: Path, mode: Mode, seen: Observer) -> Stage:
    seen.begin("world")
    world = build_world(site, folder)
    stage = Stage(spec, bundle, site, world, open_network(world, mode))
    try:
        _ = stage.system
        seen.built(stage)
        seen.begin("deploy")
        try:
            install(stage, seen.deployed)
        except StageError as error:
            stage.refused = f"nothing was deployed: {error}"
        _place_keys(stage)
        if not stage.refused:
            seen.waiting(stage.waiting)
            seen.begin("officer")
            _officer(stage, seen)
            if stage.waiting:
                seen.begin("schedule")
                _again(stage, seen)
            for command in site.officer.commands:
                _enter(stage, seen, command)
    except BaseException:
        stage.close()
        raise
    return stage


def _place_keys(stage: Stage) -> None:
    """The keys that the spec names, made on production: the twin's key for a name is always the same."""
    manifest, image = stage.bundle.manifest, stage.system.image
    folder = image.ifs / str(manifest["folder"]).lstrip("/") / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    texts = {name: private_key(name) for name in manifest["keys"]}
    texts.update({name: secret_text(name) + "\n" for name in manifest.get("secrets", ())})
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="ascii")
        (folder / name).chmod(0o600)
        stage.keys[name] = text
    for name in manifest["keys"]:
        # ssh-keygen leaves the public half beside it
        (folder / f"{name}.pub").write_text(" ".join(public_key(name)) + "\n", encoding="ascii")
    if stage.site.officer.authorise_keys and DELIVERY_KEY in stage.keys:
        conf = json.loads(stage.bundle.files["conf/sidecar.json"])
        line = delivery_line(conf, " ".join(public_key(DELIVERY_KEY)))
        authorise(image, stage.bundle.system.user, line)


def _officer(stage: Stage, seen: Observer) -> None:
    """What the security officer enters once, as the deployment printed it, as far as the site's does.

    A guard that does not take the partition for production is not installed as its start-up program.
    """
    officer, report = stage.site.officer, ""
    for command in stage.officer_todo:
        if command.startswith("CHGSYSVAL") and (not officer.chgsysval or report[:1] not in ("", "P")):
            continue
        if command.startswith("SBMJOB") and not officer.guard_run:
            continue
        _enter(stage, seen, command)
        if command.startswith("SBMJOB"):
            _await_report(stage)
            report = _report(stage)
            seen.reported(report)


def _again(stage: Stage, seen: Observer) -> None:
    """Deploy again: what waited is made, if the partition has proven to be production meanwhile."""
    entries = ", ".join(stage.waiting)
    try:
        install(stage, seen.deployed)
    except StageError as error:
        stage.refused = f"no schedule entry was made ({entries}): {error}"
    seen.waiting(stage.waiting)


def _enter(stage: Stage, seen: Observer, command: str) -> None:
    result = stage.command("QSECOFR", command)
    said = f"{result.messages[-1][0]} {result.messages[-1][1]}" if result.messages else ""
    stage.officer.append((command, result.ok))
    seen.officer(command, result.ok, said)


def _await_report(stage: Stage) -> None:
    """The report-only run of the guard is a batch job: until it has ended."""
    world = stage.world
    world.scheduler.run(until=world.now + 60, stop=lambda: _ended(stage, "FLBOOT"))


def _report(stage: Stage) -> str:
    """What the guard wrote into its data area; "" when it wrote nothing."""
    library = str(stage.bundle.manifest["guard_library"])
    area = stage.system.image.find(library, "FLBOOTRPT", "*DTAARA")
    value = area.value if isinstance(area, DataArea) else b""
    return " ".join(value.decode("cp037").split()) if isinstance(value, bytes) else ""


def _ended(stage: Stage, job: str) -> bool:
    return any(event["job"].endswith(f"/{job}") for event in stage.world.events.of("job_ended"))
