"""From file to resolved spec: what the model says, and what happens to files that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flashc.check import load, model
from flashc.cli.main import run
from flashc.syntax import ast, parse

from lang.spec_chunks import SPECS

BASE = (SPECS / "base.flash").read_text("utf-8")


def base(**changes: str) -> model.Spec:
    """The resolved base spec with some text replaced."""
    text = BASE
    for old, new in changes.items():
        line = next(x for x in text.splitlines() if x.strip().startswith(old))
        text = text.replace(line, new)
    spec, problems = load("base.flash", lambda _: text.encode())
    assert spec is not None, problems
    return spec


def test_the_night(root: Path) -> None:
    spec, problems = load(root / "examples" / "nightly_brms.flash")
    assert problems == []
    assert spec is not None
    (environment,) = spec.environments
    clone = environment.clone
    assert (environment.name, environment.schedules[0].time) == ("DAILY", "203500")
    assert environment.schedules[0].days == ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    assert clone.source is spec.systems[0]
    assert clone.source.identities == (model.Identity("78ABC12", 24),)
    assert (clone.lpar_id, clone.partition, clone.profile) == (56, "SISTPROD_24", "clone")
    assert clone.console is spec.consoles[0]
    assert clone.console.addresses == (model.Endpoint("10.1.0.10", 22), model.Endpoint("10.1.0.11", 22))
    assert clone.disks[0].array is spec.arrays[0]
    assert (clone.end_within_s, clone.end_then_immediately, clone.network_isolated) == (600, True, True)
    assert environment.requires[0].group == "SISTPROD_1"
    hold, domino = environment.around
    assert isinstance(hold, model.HoldJob)
    assert (hold.user, hold.job) == ("QUSRSSH", "CPY")
    assert isinstance(domino, model.EndDomino)
    assert (domino.server, domino.within_s) == ("DOMINO02", 300)
    assert (environment.quiesce.within_s, environment.quiesce.otherwise) == (60, "abort")
    assert (environment.resume_within_s, environment.boot_within_s) == (30, 5400)
    operation = environment.operation
    assert isinstance(operation, model.BrmsOperation)
    ((group,),) = operation.stages
    assert (group.name, group.restricted, group.within_s) == ("SAV21", True, 28800)
    (device,) = operation.devices
    assert (device.kind, device.name, device.sequential, device.volumes) == ("library", "TAPMLB01", False, ())
    assert (operation.within_s, operation.restricted, operation.qinactitv_none) == (28800, True, True)
    assert (environment.maintenance, environment.leave_clone) == ("without movement", "running")
    assert environment.mails[0].phases == ("start", "flash", "failure", "end")
    assert spec.mail_server is not None
    assert spec.mail_server.port == 25


def test_defaults_are_filled_in() -> None:
    spec = base(previous="", boot="", afterwards="", leave="", set="", require="")
    environment = spec.environments[0]
    assert (environment.clone.end_within_s, environment.clone.end_then_immediately) == (600, False)
    assert (environment.boot_within_s, environment.quiesce.retries) == (5400, 0)
    assert (environment.maintenance, environment.leave_clone) == ("none", "off")
    assert environment.brms is not None
    assert environment.brms.qinactitv_none is False


def test_each_time_is_a_schedule_on_its_days() -> None:
    schedules = base(every="every sun mon at 6:05 and 20:35:30").environments[0].schedules
    assert [(s.days, s.time) for s in schedules] == [(("MON", "SUN"), "060500"), (("MON", "SUN"), "203530")]


def test_every_policy_and_previous() -> None:
    quiesce = base(quiesce="quiesce within 2m retries 2 otherwise continue partial").environments[0].quiesce
    assert (quiesce.within_s, quiesce.retries, quiesce.otherwise) == (120, 2, "continue partial")
    clone = base(previous="previous immediately").clones[0]
    assert (clone.end_within_s, clone.end_then_immediately) == (0, True)
    clone = base(network='network not isolated because "its ports are shut"').clones[0]
    assert (clone.network_isolated, clone.network_reason) == (False, "its ports are shut")


def test_a_doubled_quote_in_a_text_is_one_quote() -> None:
    spec = base(hold='run "CALL A PARM(\'""x""\')" undo "CALL B" within 90s')
    (run,) = spec.environments[0].around
    assert isinstance(run, model.RunCommand)
    assert (run.command, run.undo, run.within_s) == ("CALL A PARM('\"x\"')", "CALL B", 90)


def test_command_sources_lie_beside_the_spec(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (folder / "commands").mkdir(parents=True)
    (folder / "commands" / "quiet.cmd").write_bytes(b"CMD PROMPT('Quiet')\r\n")
    text = BASE.replace("hold job QUSRSSH/CPY", 'run "APPLIB/QUIET" undo "QUIET"')
    path = folder / "night.flash"
    path.write_text(text + 'command QUIET from "commands/quiet.cmd"\n', "utf-8")
    spec, problems = load(path)
    assert problems == []
    assert spec is not None
    assert [(c.name, c.source) for c in spec.commands] == [("QUIET", "CMD PROMPT('Quiet')\n")]


def _files(**texts: str) -> Callable[[str], bytes]:
    """A reader of files by their paths, with `_` for `/` and without `.flash`."""
    files = {name.replace("_", "/") + ".flash": text for name, text in texts.items()}

    def reader(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory")
        return files[path].encode()

    return reader


def test_an_included_file_is_as_if_it_stood_there() -> None:
    cut = BASE.index("clone SISTPROD_24 of")
    whole, problems = load("night.flash", _files(night=BASE))
    assert problems == []
    night = 'include "parts/site.flash"\n' + BASE[cut:]
    spec, problems = load("night.flash", _files(night=night, parts_site=BASE[:cut]))
    assert problems == []
    assert spec is not None
    assert whole is not None
    assert spec.systems[0].name == whole.systems[0].name
    assert spec.text == night + "\n" + BASE[:cut]
    assert spec.systems[0].span.file == "parts/site.flash"
    # A file includes from where it lies, and what nobody uses there is nobody's mistake.
    more = BASE[:cut] + 'include "more/rest.flash"\n'
    rest = 'console HMC9 is hmc { address "10.1.0.19" user "u" key "k" }\n'
    spec, problems = load("night.flash", _files(night=night, parts_site=more, parts_more_rest=rest))
    assert problems == []
    assert spec is not None
    assert [c.name for c in spec.consoles] == ["HMC1", "HMC9"]


def test_what_is_wrong_in_an_included_file_is_told_behind_the_rest_and_hides_nothing() -> None:
    cut = BASE.index("clone SISTPROD_24 of")
    night = 'include "site.flash"\n' + BASE[cut:].replace("resume within 30s", "resume within 3000s")
    site = BASE[:cut].replace("release 7.4", "relase 7.4")
    _, problems = load("night.flash", _files(night=night, site=site))
    told = [(p.span.file, p.code) for p in problems]
    assert told == [("night.flash", "FL3024"), ("site.flash", "FL1006")]
    # Of a file that cannot be read it is not known what it defines.
    _, problems = load("night.flash", _files(night=night))
    assert [p.code for p in problems] == ["FL1013", "FL3024"]


def test_files_that_include_each_other_end() -> None:
    _, problems = load("a.flash", _files(a='include "b.flash"\n' + BASE, b='include "a.flash"\n'))
    assert [(p.code, p.span.file) for p in problems] == [("FL1013", "b.flash")]
    many = {f"f{n}": f'include "f{n + 1}.flash"\n' for n in range(300)}
    _, problems = load("f0.flash", _files(**many))
    assert problems[-1].message == "more than 100 files are included"


def test_defaults_stand_in_where_a_block_says_nothing_of_the_kind() -> None:
    defaults = (
        "defaults { previous immediately  quiesce within 2m otherwise flush only  resume within 40s "
        'boot within 3h  leave clone running  mail "d@example.net" on failure }\n'
    )
    lines = [
        x for x in BASE.splitlines() if not x.strip().startswith(("previous", "quiesce", "resume", "boot"))
    ]
    spec, problems = load("x.flash", _files(x=defaults + "\n".join(lines)))
    assert problems == []
    assert spec is not None
    (environment,) = spec.environments
    assert (environment.quiesce.within_s, environment.quiesce.otherwise) == (120, "flush only")
    assert (environment.resume_within_s, environment.boot_within_s) == (40, 10800)
    assert (environment.clone.end_within_s, environment.clone.end_then_immediately) == (0, True)
    assert [m.address for m in environment.mails] == ["ops@example.net"]
    # They are those of their file alone.
    _, problems = load("x.flash", _files(x='include "d.flash"\n' + "\n".join(lines), d=defaults))
    assert [p.code for p in problems] == ["FL3001", "FL3001"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.flash", tmp_path, Path("nul\0.flash")):
        spec, problems = load(path)
        assert spec is None
        assert [p.code for p in problems] == ["FL1011"]
        assert "cannot be read" in problems[0].message


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin1.flash"
    path.write_bytes("# first\r\n# Sauvegarde commenc\xe9e\r\n".encode("latin-1"))
    spec, problems = load(path)
    assert spec is None
    assert [(p.code, p.span.line, p.span.column) for p in problems] == [("FL1012", 2, 21)]
    assert "0xe9" in problems[0].message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_of_windows_called_unicode(
    tmp_path: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "notepad.flash"
    path.write_bytes("\ufeff# first\r\n".encode(encoding))
    assert run(["check", str(path)]) == 1
    said = capsys.readouterr().err
    assert "the file is UTF-16 (`Unicode` of Windows), not UTF-8" in said
    assert "1 | # first\n" in said


def test_an_endless_file_is_not_read_to_its_end() -> None:
    spec, problems = (
        load("/dev/zero") if Path("/dev/zero").exists() else load("x", lambda _: b"\0" * 5_000_000)
    )
    assert spec is None
    assert [p.code for p in problems] == ["FL1009"]


def test_comments_are_kept_in_order_with_their_places() -> None:
    tree, problems = parse("# one\ncommand A # two\n# three", "c.flash")
    assert problems == []
    assert tree is not None
    assert [(c.text, c.own_line, c.span.line, c.span.column) for c in tree.comments] == [
        ("# one", True, 1, 1),
        ("# two", False, 2, 11),
        ("# three", True, 3, 1),
    ]


def test_spans_cover_what_was_written() -> None:
    tree, _ = parse(BASE, "base.flash")
    assert tree is not None
    lines = BASE.split("\n")
    system = tree.items[0]
    assert isinstance(system, ast.System)
    assert lines[system.span.end_line - 1][: system.span.end_column - 1] == "}"
    for statement in system.body:
        span = statement.span
        assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == lines[span.line - 1].strip()


def test_a_mistake_does_not_hide_what_stands_around_it() -> None:
    text = BASE.replace("library BCKFLASHP", "libary BCKFLASHP").replace("release 7.4", "release 7.2")
    text = text.replace("resume within 30s", "resume within 3s")
    _, problems = load("x.flash", lambda _: text.encode())
    assert [p.code for p in problems] == ["FL1006", "FL3005"]
    tree, _ = parse(text, "x.flash")
    assert tree is not None
    assert [type(i).__name__ for i in tree.items] == [
        "System",
        "Console",
        "Array",
        "MailServer",
        "Clone",
        "Environment",
    ]


def test_generations_only_where_there_can_be_some(root: Path) -> None:
    """Not in a cloud, where each copy has volumes of its own."""
    text = (root / "examples/nightly_powervs.flash").read_text("utf-8")
    disks = re.search(r"disks .*?(?= on [A-Z])", text, re.DOTALL)
    assert disks is not None
    changed = text.replace(disks[0], f'{disks[0]} or "SECOND"').encode()
    _, problems = load("x.flash", lambda _: changed)
    assert "FL3067" in {one.code for one in problems}


@pytest.mark.parametrize(("refresh", "refused"), [('    refresh   "incremental"\n', True), ("", False)])
def test_a_ds8000_refreshes_one_copy_of_a_source(root: Path, refresh: str, refused: bool) -> None:
    """Of the relations of a volume one alone may record changes."""
    text = (root / "examples/nightly_dscli.flash").read_text("utf-8")
    text = text.replace('    refresh   "incremental"\n', refresh)
    both = '"1200-1201" to "1300-1301" on'
    assert both in text
    second = f'{both[:-3]} or pairs "1000-1001" to "1400-1401" and "1200-1201" to "1500-1501" on'
    changed = text.replace(both, second).encode()
    _, problems = load("x.flash", lambda _: changed)
    told = [one.message for one in problems if one.code == "FL3067"]
    assert told == (["2 copies of SISTPROD; DS8900 can refresh 1"] if refused else [])
