"""The command line of the sidecar: verbs, their arguments, and what becomes of an error.

Every verb is one bounded call that ends with an exit status of `flashrt.status`, one line on standard output
and, with --result, the record for CL.  An error is a status and a sentence, never a traceback (but --debug).
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import math
import os
import sys
from typing import NoReturn, TextIO

from flashrt import __version__
from flashrt.config import ALL, BY_HAND, RUN_ID, Config, read_config
from flashrt.edges import Edges
from flashrt.result import Result, document, forget_secrets, plain, write_record
from flashrt.status import CONFIG, INTERNAL, UNKNOWN, SidecarError

DEADLINE_S = 86400
KEEP_S = 366 * 86400
ARRAY_ACTS = (
    "probe", "status", "check", "holds", "release", "prepare", "trigger", "present", "prove", "abort",
    "usage", "require", "lacks", "clock",
)  # fmt: skip


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are configuration errors."""

    def error(self, message: str) -> NoReturn:
        raise SidecarError(CONFIG, f"{plain(message)}. See flashrt --help.")


def main(argv: list[str] | None = None, edges: Edges | None = None) -> int:
    """Run one verb; the exit status."""
    words = sys.argv[1:] if argv is None else argv
    forget_secrets()
    options: argparse.Namespace | None = None
    try:
        options = parser().parse_args(words)
        result = run_verb(options, edges)
    except SidecarError as error:
        options = options or _early_options(words)
        result = Result(error.text, error.word, error.status, error.refcode)
    except Exception as error:
        options = options or _early_options(words)
        if options.debug:
            raise
        what = f"The sidecar failed: {type(error).__name__}: {error}"
        # Nobody knows how far it had come: of what may have been done, "no" would be a guess.
        result = Result(what, "UNKNOWN", UNKNOWN) if _acts(options) else Result(what, "INTERNAL", INTERNAL)
    if result.word == "ENDED":
        # The armed trigger may end while production is suspended, and what `inbox` had to say it has said to
        # its client: nothing is written any more.
        return result.status
    if options.result:
        try:
            write_record(options.result, result)
        except SidecarError as error:
            # Whoever reads the record learns nothing, not even of what was done.
            result = Result(f"{error.text} The result was: {result.text}", "UNKNOWN", UNKNOWN)
    # What `inbox` prints on standard output is for the client's SFTP.
    stream = sys.stderr if getattr(options, "verb", "") == "inbox" else sys.stdout
    _say(document(result) if options.json else plain(result.text), stream)
    return result.status


def _acts(options: argparse.Namespace) -> bool:
    from flashrt.identity import changes_something

    return changes_something(getattr(options, "verb", ""), getattr(options, "act", ""))


def _say(text: str, stream: TextIO | None) -> None:
    """Print, where there is something to print to: a job started by QP2SHELL2 has no descriptors."""
    if stream is not None:
        with contextlib.suppress(OSError):
            print(text, file=stream, flush=True)


def run_verb(arguments: argparse.Namespace, edges: Edges | None) -> Result:
    """Read the configuration and do what was asked."""
    if not RUN_ID.match(arguments.run):
        raise SidecarError(CONFIG, f"The run id {plain(arguments.run)[:20]} is not 14 digits.")
    config = read_config(arguments.config or default_config())
    if edges is None:
        from flashrt.edges import real_edges

        edges = real_edges()
    verb: str = arguments.verb
    _prove_identity(config, arguments, edges)
    if verb == "console":
        return _console(config, arguments, edges)
    if verb == "array":
        return _array(config, arguments, edges)
    if verb == "check":
        from flashrt.check import check
        from flashrt.check_partition import Asks

        keep_s = _seconds(arguments.keep)
        clone = config.clone(arguments.clone)
        asks = Asks(arguments.environment, keep_s, arguments.run != BY_HAND)
        return check(config, clone, arguments.report, asks, edges)
    if verb == "arm":
        from flashrt.arm import arm

        clone = config.clone(arguments.clone)
        if not (math.isfinite(arguments.deadline) and 0 < arguments.deadline <= DEADLINE_S):
            raise SidecarError(
                CONFIG, f"The deadline must be more than 0 and at most {DEADLINE_S} seconds from now."
            )
        return arm(config, clone, arguments.run, arguments.deadline, arguments.test, edges)
    if verb == "watch":
        from flashrt.watch import watch

        return watch(config, config.clone(arguments.clone), arguments.run, edges)
    if verb == "about":
        from flashrt.about import about

        return about(config, edges)
    if verb == "vios":
        return _vios(config, arguments, edges)
    if verb == "key":
        from flashrt.rotation import change_keys

        return change_keys(config, arguments.name, arguments.act, arguments.public, edges)
    if verb == "deliver":
        return _deliver(config, arguments, edges)
    if verb == "inbox":
        from flashrt.inbox import serve

        return serve(config)
    from flashrt.mail import mail

    phases = tuple(arguments.phase.split(","))
    return mail(config, arguments.environment, phases, arguments.run, arguments.text, edges)


def _prove_identity(config: Config, arguments: argparse.Namespace, edges: Edges) -> None:
    """The one place: whatever acts runs on production only, and is refused before it connects anywhere."""
    from flashrt.identity import changes_something, prove_production

    if not changes_something(arguments.verb, getattr(arguments, "act", "")):
        return
    if not edges.partition and arguments.run == BY_HAND:
        # somebody's workstation: the danger is a clone, and a clone is always an IBM i
        print("flashrt: not on IBM i and without --run: identity is not asked", file=sys.stderr)
        return
    try:
        prove_production(config, edges)
    except SidecarError as error:
        if arguments.verb == "arm":
            from flashrt.arm import leave_reason

            leave_reason(config, arguments.run, error)
        raise


def default_config() -> str:
    """The `conf` folder beside the zipapp's own."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0]))), "conf")


@functools.cache
def parser() -> argparse.ArgumentParser:
    """The grammar of the command line; options may stand anywhere behind the verb."""
    common = _Parser(add_help=False)
    common.add_argument("--config", default="", help="the conf folder (default: beside the zipapp's folder)")
    common.add_argument("--result", default="", help="file for the record of 512 characters")
    common.add_argument("--json", action="store_true", help="print the result as JSON")
    common.add_argument("--debug", action="store_true", help="show the traceback of an unforeseen error")
    common.add_argument("--run", default=BY_HAND, help="the run's id, 14 digits")
    common.add_argument("--clone", default="", help="the clone (default: the only one)")
    top = _Parser(prog="flashrt", description="Console, array, SQL, delivery and mail calls of a run.")
    top.add_argument("--version", action="version", version=f"flashrt {__version__}")
    keep = "a copy that is younger is not given up"
    verbs = top.add_subparsers(dest="verb", required=True, parser_class=_Parser)
    verbs.add_parser("about", parents=[common], help="Python, SSH and SQL as they are here")
    check = verbs.add_parser("check", parents=[common], help="every pre-check; changes nothing")
    check.add_argument("--report", default="", help="file for the list of all findings")
    check.add_argument("--keep", type=float, default=0.0, metavar="S", help=keep)
    check.add_argument("--environment", default="", metavar="E", help="whose jobs and locks are looked at")
    console = verbs.add_parser("console", parents=[common], help="look at, end or start the clone partition")
    console.add_argument("act", choices=("state", "check", "off", "on"))
    console.add_argument("--keylock", choices=("norm", "manual"), default="norm", help="on: of the IPL")
    console.add_argument("--immediate", action="store_true", help="off: the hard stop")
    array = verbs.add_parser("array", parents=[common], help="the clone's consistency groups")
    array.add_argument("name", help=f"an array, or {ALL}: every array of the clone")
    array.add_argument("act", choices=ARRAY_ACTS)
    array.add_argument("--group", default="", help="the group (default: all of the clone's)")
    array.add_argument("--keep", type=float, default=0.0, metavar="S", help=f"release: {keep}")
    array.add_argument(
        "--own", action="store_true", help="release: only copies that a run of ours has proven"
    )
    array.add_argument("--every", action="store_true", help="release: every generation")
    array.add_argument("--state", default="", help="require: the status that it must have")
    vios = verbs.add_parser("vios", parents=[common], help="the clone's disks on its VIOS")
    vios.add_argument("act", choices=("unmap", "map", "status"))
    key = verbs.add_parser(
        "key", parents=[common], help="let a new key of ours in on a console, an old one out"
    )
    key.add_argument("name", help="the console")
    key.add_argument("act", choices=("add", "remove"))
    key.add_argument("--public", required=True, metavar="NAME", help="keys/NAME.pub")
    arm = verbs.add_parser("arm", parents=[common], help="the armed trigger")
    arm.add_argument("--deadline", type=float, required=True, metavar="S", help="seconds from now")
    arm.add_argument("--test", action="store_true", help="prove the channel; never fires")
    verbs.add_parser("watch", parents=[common], help="partition state and delivery in one call")
    deliver = verbs.add_parser(
        "deliver",
        parents=[common],
        help="bring, pack, send, asked, beat (clone); verify, ask, target (source)",
    )
    deliver.add_argument("act", choices=("bring", "pack", "send", "verify", "ask", "asked", "target", "beat"))
    deliver.add_argument("--path", default="", help="bring, target: the stream file")
    deliver.add_argument("--number", type=int, default=1, help="bring: the beginning of its name at home")
    deliver.add_argument("--done", default="", metavar="N/M", help="beat: how many of its jobs are done")
    deliver.add_argument("--copy", default="", metavar="RUN", help="ask: the run whose copy the clone has")
    deliver.add_argument("--stream", default="", help="ask: the stream file, named from the clone's root")
    deliver.add_argument("--library", default="", help="ask: a library, or that of an object")
    deliver.add_argument("--object", default="*ALL", help="ask: the object")
    deliver.add_argument("--type", default="*ALL", help="ask: its type")
    deliver.add_argument("--stage", choices=("early", "final"), default="final")
    verbs.add_parser("inbox", parents=[common], help="SFTP for deliveries on standard input and output")
    mail = verbs.add_parser("mail", parents=[common], help="tell the people that the spec names")
    mail.add_argument("--environment", required=True, metavar="E")
    mail.add_argument("--phase", required=True, metavar="P,P", help="occasions: start, flash, end ...")
    mail.add_argument("--text", default="")
    return top


def _early_options(words: list[str]) -> argparse.Namespace:
    """Where the result goes, known even of a line that is wrong."""
    return _early_parser().parse_known_args(words)[0]


@functools.cache
def _early_parser() -> argparse.ArgumentParser:
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--result", default="", nargs="?")
    early.add_argument("--json", action="store_true")
    early.add_argument("--debug", action="store_true")
    return early


def _console(config: Config, arguments: argparse.Namespace, edges: Edges) -> Result:
    """state: word and reference code.  off and on: ASKED, or OFF where it is off already.  extra1: serial."""
    from flashrt.consoles.base import OFF, open_console, title

    clone = config.clone(arguments.clone)
    driver = open_console(config, clone, edges)
    try:
        if arguments.act == "state":
            found = driver.state(clone)
            text = f"{title(clone)} state: {found.state}"
            word = found.word
        elif arguments.act == "check":
            from flashrt.check import summary

            return summary(clone, driver.check(clone))
        elif arguments.act == "off":
            found = driver.off(clone, arguments.immediate)
            how = "immediately" if arguments.immediate else "in order"
            word = OFF if found.word == OFF else "ASKED"
            asked = f"asked to end {how}" if word == "ASKED" else "nothing to end"
            text = f"{title(clone)} state: {found.state}, {asked}"
        else:
            found = driver.on(clone, arguments.keylock)
            word = "ASKED"
            keylock = "normal" if arguments.keylock == "norm" else "manual"
            by = f" by profile {clone.profile}" if clone.profile else ""
            text = f"{title(clone)} asked to start{by}, keylock {keylock}"
    finally:
        driver.close()
    return Result(text, word, refcode=found.refcode, extra1=found.serial, extra2=str(clone.lpar_id))


def _array(config: Config, arguments: argparse.Namespace, edges: Edges) -> Result:
    """A verb on the clone's disks on one array, or with ALL on every array that they are on."""
    from flashrt.disks import CloneDisks

    name: str = arguments.name
    act: str = arguments.act
    keep_s = _seconds(arguments.keep)
    if act == "require":
        return _require(config, arguments, edges)
    if name != ALL:
        config.array(name)
    clone = config.clone(arguments.clone)
    if act == "check":
        from flashrt.check import check_arrays

        return check_arrays(config, clone, clone.arrays if name == ALL else (name,), edges)
    with CloneDisks(config, clone, arguments.run, edges, name, arguments.group, arguments.every) as disks:
        if act == "release":
            return disks.release(keep_s, arguments.own)
        acts = {
            "status": disks.status,
            "usage": disks.usage,
            "lacks": disks.lacks,
            "clock": disks.clocks,
            "holds": disks.holds,
            "probe": disks.probe,
            "prepare": disks.prepare,
            "trigger": disks.trigger,
            "present": disks.present,
            "prove": disks.prove,
            "abort": disks.abort,
        }
        return acts[act]()


def _require(config: Config, arguments: argparse.Namespace, edges: Edges) -> Result:
    """Whether a further group, which need not be the clone's, is in the state that it must have."""
    from flashrt.arrays.base import open_array

    if not (arguments.group and arguments.state):
        raise SidecarError(CONFIG, "array require needs --group and --state.")
    config.array(arguments.name)
    driver = open_array(config, arguments.name, edges)
    try:
        return driver.require(arguments.group, arguments.state)
    finally:
        driver.close()


def _vios(config: Config, arguments: argparse.Namespace, edges: Edges) -> Result:
    from flashrt.vios import restore, status, unmap

    clone = config.clone(arguments.clone)
    if arguments.act == "status":
        return status(config, clone, edges)
    act = unmap if arguments.act == "unmap" else restore
    return act(config, clone, arguments.run, edges)


def _seconds(number: float) -> float:
    if not (math.isfinite(number) and 0 <= number <= KEEP_S):
        raise SidecarError(CONFIG, f"--keep must be 0 to {KEEP_S} seconds.")
    return number


def _deliver(config: Config, arguments: argparse.Namespace, edges: Edges) -> Result:
    from flashrt.delivery import bring, pack, send, verify

    if arguments.act == "bring":
        if not arguments.path or not 1 <= arguments.number <= 999:
            raise SidecarError(CONFIG, "deliver bring needs --path FILE, and --number from 1 to 999.")
        return bring(config, arguments.run, arguments.number, _absolute(arguments.path, edges))
    if arguments.act == "beat":
        from flashrt.beat import beat

        return beat(config, config.clone(arguments.clone), arguments.run, arguments.done, edges)
    if arguments.act in ("ask", "asked", "target"):
        return _ask(config, arguments, edges)
    if arguments.act == "pack":
        return pack(config, arguments.run, arguments.stage, edges)
    if arguments.act == "send":
        return send(config, config.clone(arguments.clone), arguments.run, arguments.stage, edges)
    return verify(config, arguments.run)


def _absolute(path: str, edges: Edges) -> str:
    """What a person or a spec has named: nothing that depends on the working directory of a job."""
    if not path.startswith(f"{edges.root}/"):
        raise SidecarError(CONFIG, f"--path {plain(path)[:100]} is not an absolute path of the IFS.")
    return path


def _ask(config: Config, arguments: argparse.Namespace, edges: Edges) -> Result:
    """One object back from a clone that is still on: asked for, looked for, and whether there is a place."""
    from flashrt.asking import Wanted, ask, asked, target

    if arguments.act == "target":
        return target(_absolute(arguments.path, edges))
    clone = config.clone(arguments.clone)
    if arguments.act == "asked":
        return asked(config, clone, arguments.run, edges)
    names = (arguments.library, arguments.object, arguments.type)
    path = f"/{arguments.stream}" if arguments.stream else ""
    wanted = Wanted(arguments.run, arguments.copy, *names, path, 0)
    return ask(config, clone, wanted, edges)
