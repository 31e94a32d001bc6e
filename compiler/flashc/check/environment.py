"""Environments: when a run starts, how production is held, what the clone does."""

from __future__ import annotations

from flashc.check import model, values
from flashc.check.around import resolve_around
from flashc.check.commands import command_text, plain_runs, run_limit
from flashc.check.findings import Findings
from flashc.check.names import Block, Names
from flashc.check.operations import resolve_operation
from flashc.check.reconfigure import resolve_reconfigure
from flashc.check.schedules import resolve_schedules
from flashc.syntax import ast
from flashc.syntax.words import shown

BOOT_S = 5400
"""Default limit for the start of the clone."""

DAY_S = 86400

KEEP_RUNS_S = 90 * DAY_S
"""How long runs are kept where nothing is said."""


def resolve_environment(names: Names, node: ast.Environment) -> model.Environment | None:
    found = names.found
    block = Block(found, node, f"environment {shown(node.name.text)}", names.defaults_for(node))
    name = values.own_name(found, node.name, "environment")
    clone = names.refer("clone", node.clone)
    before = len(found.problems)
    schedules, omitted, started_by = resolve_schedules(found, block, node)
    required = [r for r in node.body if isinstance(r, ast.Require)]
    found.once((f'group "{r.group.text}" on {r.array.text}', r.span) for r in required)
    requires = [_require(names, r) for r in required]
    around_node = block.one(ast.Around, "around", required=False)
    around = resolve_around(names, around_node) if around_node else []
    quiesce_node, resume_node = block.one(ast.Quiesce, "quiesce"), block.one(ast.Resume, "resume")
    quiesce = _quiesce(found, quiesce_node) if quiesce_node else None
    resume_s = (
        values.limit(found, resume_node.within, "the limit for the resume", 1, 600) if resume_node else None
    )
    boot_node = block.one(ast.Boot, "boot", required=False)
    boot_s = (
        values.limit(found, boot_node.within, "the limit for the boot", 300, DAY_S) if boot_node else BOOT_S
    )
    operation = _operation(names, block)
    reconfigure_node = block.one(ast.Reconfigure, "reconfigure", required=False)
    reconfigure = resolve_reconfigure(names, reconfigure_node) if reconfigure_node else None
    keep = block.one(ast.Keep, "keep", required=False)
    keep_s = values.limit(found, keep.within, "the age of a snapshot", 60, 366 * DAY_S) if keep else 0
    runs_node = block.one(ast.KeepRuns, "keep runs", required=False)
    keep_runs_s = (
        values.limit(found, runs_node.within, "the time that runs are kept", DAY_S, 3660 * DAY_S)
        if runs_node
        else KEEP_RUNS_S
    )
    afterwards = block.one(ast.Afterwards, "afterwards", required=False)
    leave = block.one(ast.Leave, "leave", required=False)
    mails = [_mail(found, m) for m in block.all_of(ast.Mail)]
    hooks = [_hook(names, h) for h in block.all_of(ast.Hook)]
    runs = _runs(names, block)
    _not_started(found, block, operation)
    expectations = _expectations(found, node)
    if (
        name is None
        or clone is None
        or quiesce is None
        or resume_s is None
        or boot_s is None
        or keep_s is None
        or keep_runs_s is None
        or operation is None
    ):
        return None
    if any(p.severity == "error" for p in found.problems[before:]):
        return None
    return model.Environment(
        name,
        clone,
        schedules,
        tuple(r for r in requires if r is not None),
        tuple(around),
        quiesce,
        resume_s,
        operation,
        ("with movement" if afterwards.movement else "without movement") if afterwards else "none",
        leave.clone if leave else "off",
        boot_s,
        tuple(m for m in mails if m is not None),
        node.span,
        runs,
        reconfigure,
        keep_s,
        omitted,
        started_by,
        expectations,
        keep_runs_s,
        tuple(h for h in hooks if h is not None),
        tuple(
            (word, one.span)
            for word, one in (("resume", resume_node), ("keep", keep), ("leave", leave))
            if one
        )
        + tuple((date.text, date.span) for one in block.all_of(ast.ExceptOn) for date in one.dates),
    )


def _operation(names: Names, block: Block) -> model.Operation | None:
    kinds = (ast.OnCloneNone, ast.OnCloneBrms, ast.OnCloneSave21, ast.OnCloneUser)
    nodes = [s for s in block.node.body if isinstance(s, kinds)]
    for other in nodes[1:]:
        message = f"`on clone` stands twice in {block.title}"
        names.found.both("FL3002", other.span, message, nodes[0].span, "the first one")
    if not nodes:
        block.missing("on clone")
        return None
    return resolve_operation(names, nodes[0])


def _not_started(found: Findings, block: Block, operation: model.Operation | None) -> None:
    """What the block says of a clone that is not started, or of BRMS where it is not used."""
    if operation is None:
        return
    for statement in block.node.body:
        handed_over = isinstance(statement, ast.Leave) and statement.clone == "handed over"  # FL3094
        if operation.kind == "none" and isinstance(statement, ast.Boot | ast.Leave) and not handed_over:
            word = "boot" if isinstance(statement, ast.Boot) else "leave"
            found.both("FL3084", statement.span, f"`{word}`: the clone is not started", operation.span,
                       "its operation")  # fmt: skip
        elif operation.kind != "brms" and isinstance(statement, ast.Afterwards):
            found.both("FL3084", statement.span, "BRMS maintenance, but the run does not use BRMS",
                       operation.span, "its operation")  # fmt: skip
    for statement in block.node.body:
        if isinstance(statement, ast.Runs | ast.Around) and not statement.body and not statement.incomplete:
            found.add("FL3075", statement.span, "the block is empty: nothing is done")


def _runs(names: Names, block: Block) -> model.Runs:
    blocks = block.all_of(ast.Runs)
    names.found.once(((f"`{node.when}`", node.span) for node in blocks), f" in {block.title}")
    by_time = {node.when: node for node in blocks}
    return model.Runs(
        plain_runs(names, by_time.get("before")),
        plain_runs(names, by_time.get("after flash")),
        plain_runs(names, by_time.get("afterwards")),
        plain_runs(names, by_time.get("on failure")),
    )


def _expectations(found: Findings, node: ast.Environment) -> tuple[model.Expectation, ...]:
    statements = [s for s in node.body if isinstance(s, ast.Expect)]
    found.once((f"`expect {s.what}`", s.span) for s in statements)
    for e in statements:
        values.limit(found, e.under, f"`expect {e.what}`", 1, 366 * DAY_S)
    return tuple(
        model.Expectation(e.what, e.under.seconds, f"{e.what} under {e.under.text}", e.span)
        for e in statements
    )


def _require(names: Names, node: ast.Require) -> model.RequireGroup | None:
    array = names.refer("array", node.array)
    if array is None:
        return None
    phrase = array.family.phrase("group")
    if phrase is None:
        message = f"{array.name} is {array.family.name}, which has no consistency groups to require"
        names.found.add("FL3102", node.span, message, help="Remove it; `require` is for groups of svc.")
        return None
    group = values.part(names.found, node.group, phrase.parts[0])
    return model.RequireGroup(group, array, node.state.text, node.span) if group and array else None


def _quiesce(found: Findings, node: ast.Quiesce) -> model.Quiesce | None:
    within = values.limit(found, node.within, "the limit for the quiesce", 1, 600)
    retries = values.number(found, node.retries, "FL3068", "`retries`", 0, 5) if node.retries else 0
    if within is None or retries is None:
        return None
    return model.Quiesce(within, retries, node.otherwise, node.span)


PHASES: tuple[model.Phase, ...] = (
    "start", "flash", "boot", "save", "end", "completed", "failure", "refused", "attention",
)  # fmt: skip


def _mail(found: Findings, node: ast.Mail) -> model.Mail | None:
    phases = _phases(found, node.phases, "mail")
    address = values.mail_address(found, node.address)
    return model.Mail(address, phases, node.span) if address else None


def _hook(names: Names, node: ast.Hook) -> model.Hook | None:
    phases = _phases(names.found, node.phases, "run")
    fits = command_text(names, node.command, "in `run … on`")
    within = run_limit(names, node.within)
    if not fits or within is None:
        return None
    return model.Hook(node.command.text.strip(), phases, within, node.span)


def _phases(found: Findings, words: tuple[ast.Word, ...], statement: str) -> tuple[model.Phase, ...]:
    phases: list[model.Phase] = []
    for word in words:
        for phase in PHASES:
            if word.text == phase:
                if phase in phases:
                    found.add("FL3002", word.span, f"`{phase}` stands twice in one `{statement}`")
                else:
                    phases.append(phase)
    return tuple(phases)
