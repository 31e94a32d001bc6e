"""The canonical layout of a CL (or command definition) source: the same words and comments in their places.

Labels in column 2, commands in 14, parameters from 25, continued lines from 27, three more inside each DO,
SELECT and SUBR.  Lines are filled up to the width and broken between parameters, inside one only where it
does not fit on a line of its own, then two columns further in.  The layout follows from the words, the
comments and the blank lines alone, so formatting twice is formatting once.  What it made is parsed and
compared before anybody gets it.  docs/cl-fmt.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from flashc.cl.ast import (
    Argument,
    Builtin,
    Command,
    Comment,
    Hex,
    ListValue,
    Operation,
    Qualified,
    Quoted,
    Source,
    Statement,
    Unary,
    Value,
    Variable,
    Word,
)
from flashc.cl.bind import bind
from flashc.cl.catalogue import Catalogue, ParameterDef
from flashc.cl.catalogue import catalogue as ibm_catalogue
from flashc.cl.definition import STATEMENTS
from flashc.cl.lines import NEEDED, Code, Lines, Remark, Token, parts_of
from flashc.cl.parser import parse
from flashc.cl.rows import HEADING, Row, margin_of, text_of
from flashc.cl.structure import DO_GROUPS, ENDS, chain_of
from flashc.cl.tokens import CODE_PAGES, PROMPT, SYMBOLS, B, fold, join
from flashc.diag import Diagnostic, has_errors

WIDTH = 80
"""Columns that fit every listing and a source member of record length 92."""

_PARAMETERS = 11  # columns from a command to its parameters
_CONTINUED = 13  # columns from a command to its continued lines

_BLANKS = re.compile(rf"{B}*+")
_BLANK_LINE = re.compile(rf"\n{B}*+\n")
_GAP = re.compile(
    rf"{B}*+(?:(?P<bracket>[()])|(?P<comment>/\*)|(?P<prompt>{PROMPT.pattern})"
    r"|(?P<operator>\*[A-Za-z\0]++|\|\||\|>|\|<|!!|!>|!<|\xa6\xa6|\xa6>|\xa6<|>=|<=|[\xac^][=<>]"
    r"|[=<>|!\xa6&+\-*/\xac^])|(?=\n)|\Z)"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What can be chosen: columns of a line; operators as written (`=`, `||`); keywords for all values."""

    width: int = WIDTH
    symbols: bool = False
    keywords: bool = False


CANONICAL = Layout()


def format_text(
    text: str, file: str, layout: Layout = CANONICAL, catalogue: Catalogue | None = None
) -> tuple[str | None, list[Diagnostic]]:
    """The text in canonical layout; None and the reasons if its syntax is wrong.

    Line ends stay those of the text (CRLF if its first line has one), a byte order mark stays.
    """
    first_end = text.find("\n")
    crlf = first_end > 0 and text[first_end - 1] == "\r"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    source, problems = parse(text.removeprefix("\ufeff").replace("\r\n", "\n"), file)
    errors = [p for p in problems if p.severity == "error"]
    if errors:
        return None, errors
    try:
        laid_out = lay_out(source, layout, catalogue)
        changed = _changed(source, laid_out)
    except _Unknown as unknown:
        laid_out, changed = "", unknown.pos
    if changed is not None:
        message = "this cannot be laid out without changing it"
        help = "this is a defect of flashc: please report it with the lines around"
        return None, [Diagnostic("CL0003", "error", message, source.span(changed, changed + 1), help)]
    return mark + (laid_out.replace("\n", "\r\n") if crlf else laid_out), []


def lay_out(source: Source, layout: Layout = CANONICAL, catalogue: Catalogue | None = None) -> str:
    """The text of a source without syntax errors; nothing compares it with what was written.

    With `layout.keywords` the positional values of the tree get their keywords.
    """
    return _Writer(source, layout, catalogue or ibm_catalogue()).text()


def lay_out_statement(text: str, depth: int) -> tuple[tuple[str, ...], str, bool]:
    """The lines of one right statement inside `depth` groups, the comment beside it, whether it opens one."""
    source, _ = parse(text)
    writer = _Writer(source, CANONICAL, ibm_catalogue())
    writer.groups = [""] * depth
    writer.statement(source.statements[0], "")
    (row,) = writer.rows
    return tuple(row.code), row.comment, len(writer.groups) > depth


class _Unknown(Exception):
    """Something stands here that the tree does not account for."""

    def __init__(self, pos: int) -> None:
        super().__init__(pos)
        self.pos = pos


# ---- writing -----------------------------------------------------------------------------------------


class _Writer:
    def __init__(self, source: Source, layout: Layout, catalogue: Catalogue) -> None:
        self.source = source
        self.layout = layout
        self.catalogue = catalogue
        self.m = join(source.text)
        self.comments = {c.pos: c for c in source.comments}
        self.rows: list[Row] = []
        self.groups: list[str] = []  # that are open: DO, SELECT, SUBR
        self.at = 0  # behind what has been written

    def text(self) -> str:
        """The whole source."""
        waiting = sorted(self.source.comments, key=lambda c: c.pos, reverse=True)
        for statement in self.source.statements:
            mark = ""
            while waiting and waiting[-1].pos < statement.pos:
                comment = waiting.pop()
                if self.is_mark(comment, statement):
                    mark = comment.text
                else:
                    self.own_line(comment, statement)
            self.statement(statement, mark)
            while waiting and waiting[-1].pos < self.at:
                waiting.pop()
        while waiting:
            self.own_line(waiting.pop(), None)
        return text_of(self.rows, self.layout.width)

    # -- comments --------------------------------------------------------------------------------

    def own_line(self, comment: Comment, behind: Statement | None) -> None:
        """A comment outside of statements; `behind` is the statement that follows."""
        text, before = self.source.text, self.source.text[self.at : comment.pos]
        same_line = self.rows and not self.rows[-1].code and self.at and "\n" not in before
        if same_line and "\n" not in comment.text + self.rows[-1].comment:
            self.rows[-1].comment += f" {comment.text}"
        else:
            row = Row([], comment.text, len(self.groups), self.blank_before(comment.pos))
            column = self.column(comment.pos)
            if "\n" in comment.text:
                row.column = column  # its further lines are aligned with the first
            elif column < HEADING:
                command = behind.command if behind is not None else None
                top = not any(r.code for r in self.rows)
                beside = command is not None and "\n" not in self.source.text[comment.end : command.pos]
                if not beside and (top or command is None or self.column(command.pos) > column):
                    row.column = 0
            self.rows.append(row)
        self.at = comment.pos + len(comment.text)
        assert text.startswith(comment.text, comment.pos)

    def is_mark(self, comment: Comment, statement: Statement) -> bool:
        """Whether a comment marks the line of the command that follows it: /*A1*/ CHGVAR ..."""
        if statement.labels or statement.command is None or len(comment.text) >= margin_of(0):
            return False
        before, between = self.source.text[self.at : comment.pos], self.m[comment.end : statement.pos]
        return "\n" not in comment.text + between and ("\n" in before or not self.at)

    def column(self, pos: int) -> int:
        """The column of a place, from 0."""
        start = self.source.text.rfind("\n", 0, pos) + 1
        return len(self.source.text[start:pos].expandtabs())

    def blank_before(self, pos: int) -> bool:
        return _BLANK_LINE.search(self.source.text, self.at, pos) is not None

    # -- statements ------------------------------------------------------------------------------

    def statement(self, statement: Statement, mark: str) -> None:
        """Labels and command as rows; `mark` is a comment in front of the command."""
        command = statement.command
        if command is not None:
            self.close_group(command)
        begin, blank = mark, False
        for label, following in zip_longest(statement.labels, statement.labels[1:]):
            place = following if following is not None else command
            blank = self.blank_before(label.pos)
            self.at = label.end
            if place is command and command is not None and self.m.find("\n", label.end, command.pos) < 0:
                begin = f" {label.name}:"
                if not self.between(label.end, command.pos):
                    continue
                begin = ""
            self.rows.append(Row([f" {label.name}:"], "", len(self.groups), blank))
            for comment in self.between(label.end, place.pos if place is not None else label.end):
                if "\n" in self.source.text[self.at : comment.pos]:
                    self.own_line(comment, statement)
                else:
                    self.rows[-1].comment = f"{self.rows[-1].comment} {comment.text}".lstrip()
                    self.at = comment.end
        if command is None:
            return
        if not statement.labels or not begin:
            blank = self.blank_before(command.pos)
        if self.layout.keywords:
            self.give_keywords(command)
        tokens = self.tokens(command)
        remarks: list[Remark] = []
        while isinstance(last := tokens[-1], Remark):
            remarks.append(last)
            tokens.pop()
        code = self.code(tokens, begin)
        beside = " ".join(r.text for r in reversed(remarks))
        self.rows.append(Row(code, beside, len(self.groups), blank))
        self.open_group(command)

    def between(self, pos: int, end: int) -> list[Comment]:
        """The comments that begin between two places."""
        return [c for c in self.source.comments if pos <= c.pos < end] if end > pos + 1 else []

    def close_group(self, command: Command) -> None:
        """The groups that an ENDDO, ENDSELECT, ENDSUBR ends; no group holds a SUBR."""
        kinds = ENDS.get(command.name)
        if command.name == "SUBR":
            self.groups.clear()
        elif kinds is not None:
            at = next((i for i in reversed(range(len(self.groups))) if self.groups[i] in kinds), None)
            if at is not None:
                del self.groups[at:]

    def open_group(self, command: Command) -> None:
        last = chain_of(command)[-1].name
        if last in DO_GROUPS or last in ("SELECT", "SUBR"):
            self.groups.append(last)

    def code(self, tokens: list[Token], begin: str) -> list[str]:
        """The lines of a command; `begin` is its label or the comment in front of it."""
        margin = margin_of(len(self.groups))
        name = tokens[0].text
        start = f"{begin:<{margin - 1}} {name}"
        parts = parts_of(tokens[1:])
        if not parts:
            return [start]
        start += " " * max(1, _PARAMETERS - len(name))
        width = self.layout.width
        return Lines(start, min(margin + _CONTINUED, width - NEEDED), width).of(parts)

    # -- tokens ----------------------------------------------------------------------------------

    def tokens(self, command: Command) -> list[Token]:
        """All that stands from the name of a command to the end of its line, comments too."""
        found: list[Token] = []
        leaves, marks = _Leaves(self, command).found()
        at = command.pos
        for pos, end, token in leaves:
            if at < pos:
                self.gap(found, at, pos, marks)
            found.append(token)
            at = max(at, end)
        self.gap(found, at, len(self.m), marks)
        return found

    def gap(self, found: list[Token], pos: int, end: int, marks: dict[int, str]) -> None:
        """What stands between two leaves of the tree: parentheses, operators, comments."""
        m = self.m
        self.at = pos
        while True:
            match = _GAP.match(m, pos, end)
            if match is None:
                raise _Unknown(pos)
            kind = match.lastgroup
            if kind is None:  # the end of the gap or of the line
                return
            start, pos = match.span(kind)
            if kind == "comment":
                comment = self.comments.get(start)
                if comment is None:
                    raise _Unknown(start)
                found.append(self.remark(comment))
                pos = comment.end
            elif kind == "prompt":
                found.append(Code("prefix", match[kind]))
            elif kind == "operator":
                found.append(self.operator(match[kind], marks.get(start, "")))
            else:
                found.append(Code(match[kind], match[kind]))
            self.at = pos

    def remark(self, comment: Comment) -> Remark:
        text = self.source.text
        following = _BLANKS.match(self.m, comment.end)
        assert following is not None
        first = "\n" in text[self.at : comment.pos]
        return Remark(comment.text, first, "\n" in text[comment.end : following.end()])

    def operator(self, written: str, mark: str) -> Code:
        """An operator; `mark` says what is not seen from it: a part of a name, or one operand."""
        word = fold(written.replace("\0", ""))
        if mark == "/":
            return Code("/", "/")
        if word.startswith("*") and len(word) > 1:
            return Code("prefix", f"{word} ") if mark else Code("operator", word)
        meaning = word.translate(CODE_PAGES)
        if mark:
            apart = " " if mark == "unary, apart" else ""
            return Code("prefix", "*NOT " if meaning == "^" and not self.layout.symbols else word + apart)
        return Code("operator", word if self.layout.symbols else SYMBOLS[meaning])

    def give_keywords(self, command: Command) -> None:
        """Give positional values their keywords where the catalogue is certain of their places."""
        for inner in [a.value for a in command.args if isinstance(a.value, Command)]:
            self.give_keywords(inner)
        definition = self.catalogue.get(command.name)
        positional = [a for a in command.args if a.keyword is None]
        if definition is None or not definition.complete or definition.unverified or not positional:
            return
        bound = bind(command, definition)
        keywords = {id(argument): keyword for keyword, argument in bound.arguments.items()}
        wrong = any(p.severity == "error" for p in bound.problems)
        if wrong or any(id(a) not in keywords or _left_out(a) for a in positional):
            return
        for argument in positional:
            argument.keyword = keywords[id(argument)]


def _left_out(argument: Argument) -> bool:
    return isinstance(argument.value, Word) and argument.value.text == "*N"


class _Leaves:
    """The names, values and keywords of a command in the order of the text, and marks of its operators."""

    def __init__(self, writer: _Writer, command: Command) -> None:
        self.writer = writer
        self.command = command
        self.as_written: list[tuple[int, int]] = []  # where the case of unquoted words can matter
        self.marks: dict[int, str] = {}

    def found(self) -> tuple[list[tuple[int, int, Code]], dict[int, str]]:
        """Each leaf with its place, and the marks by their places."""
        m = self.writer.m
        out: list[tuple[int, int, Code]] = []
        waiting: list[Value | Argument | tuple[int, int, Code]] = [self.command]
        while waiting:
            node = waiting.pop()
            if isinstance(node, tuple):
                out.append(node)
            elif isinstance(node, Argument):
                self.argument(node, waiting)
            elif isinstance(node, Command):
                self.as_written += _mixed_case(node, m, self.writer.catalogue)
                prompt = "?" if m.startswith("?", node.pos) else ""
                library = f"{node.library}/" if node.library is not None else ""
                out.append((node.pos, node.name_end, Code("command", f"{prompt}{library}{node.name}")))
                waiting += reversed(node.args)
            elif isinstance(node, Operation):
                waiting += (node.right, node.left)
            elif isinstance(node, Unary):
                close = isinstance(node.operand, Variable | Builtin | Operation | ListValue)
                self.marks[node.pos] = "unary" if close else "unary, apart"  # -ABC is a word, - ABC is not
                waiting.append(node.operand)
            elif isinstance(node, ListValue):
                waiting += reversed(node.items)
            elif isinstance(node, Qualified):
                self.marks.update((m.find("/", part.end), "/") for part in node.parts[:-1])
                waiting += reversed(node.parts)
            elif isinstance(node, Builtin):
                end = m.find("(", node.pos)
                out.append((node.pos, end, Code("keyword", node.name)))
                waiting += reversed(node.args)
            else:
                out.append((node.pos, node.end, Code("word", self.word(node))))
        return out, self.marks

    def argument(self, argument: Argument, waiting: list[Value | Argument | tuple[int, int, Code]]) -> None:
        pos, value = argument.pos, argument.value
        m = self.writer.m
        waiting.append(value)
        if argument.keyword is None:
            return
        if argument.keyword_end:
            waiting.append((pos, argument.keyword_end, Code("keyword", argument.keyword)))
        elif m.startswith("(", pos):
            waiting.append((pos, pos, Code("keyword", argument.keyword)))
        else:
            waiting[-1:] = [
                (argument.end, argument.end, Code(")", ")")),
                value,
                (pos, pos, Code("(", "(")),
                (pos, pos, Code("keyword", argument.keyword)),
            ]

    def word(self, leaf: Word | Quoted | Hex | Variable) -> str:
        """A leaf as it is to be written."""
        text = self.writer.m[leaf.pos : leaf.end].replace("\0", "")
        if isinstance(leaf, Quoted | Hex) or text.startswith('"'):
            return text
        if not text.startswith("*") and any(pos <= leaf.pos < end for pos, end in self.as_written):
            return text
        return fold(text)


def _mixed_case(command: Command, m: str, catalogue: Catalogue) -> list[tuple[int, int]]:
    """Where the words of a command must keep their case: parameters that keep it, and those not known."""
    text = m[command.pos : command.end]
    if text == fold(text):
        return []
    definition = catalogue.get(command.name)
    if definition is None and command.name in STATEMENTS:
        return []
    if definition is None:
        return [(a.value.pos, a.value.end) for a in command.args if not isinstance(a.value, Command)]
    bound = bind(command, definition)
    keywords = {id(argument): keyword for keyword, argument in bound.arguments.items()}
    found = []
    for argument in command.args:
        parameter = definition.parameter(keywords.get(id(argument), ""))
        if not isinstance(argument.value, Command) and (parameter is None or _keeps_case(parameter)):
            found.append((argument.value.pos, argument.value.end))
    return found


def _keeps_case(parameter: ParameterDef) -> bool:
    inner = (*parameter.qualifiers, *parameter.elements)
    return parameter.mixed_case or parameter.unverified or any(map(_keeps_case, inner))


# ---- proof -------------------------------------------------------------------------------------------


def _changed(source: Source, laid_out: str) -> int | None:
    """Where the text made from a source says something else than the source, None if it does not."""
    again, problems = parse(laid_out, source.file)
    if has_errors(problems):
        return 0
    old, new = list(skeleton(source)), list(skeleton(again))
    for (was, pos), (is_now, _) in zip_longest(old, new, fillvalue=("", 0)):
        if was != is_now:
            return pos
    return None


def skeleton(source: Source) -> Iterator[tuple[object, int]]:
    """All that a source says, with the places.  Two sources with equal skeletons differ in layout alone."""
    for comment in source.comments:
        yield comment.text, comment.pos
    for statement in source.statements:
        yield [label.name for label in statement.labels], statement.pos
        waiting: list[Value | Argument] = [statement.command] if statement.command is not None else []
        while waiting:
            node = waiting.pop()
            inner: list[Value] | list[Argument] = []
            if isinstance(node, Argument):
                yield ("argument", node.keyword), node.pos
                inner = [node.value]
            elif isinstance(node, Command):
                yield ("command", node.library, node.name, len(node.args)), node.pos
                inner = node.args
            elif isinstance(node, Operation):
                yield node.op, node.pos
                inner = [node.left, node.right]
            elif isinstance(node, Unary):
                yield ("unary", node.op), node.pos
                inner = [node.operand]
            elif isinstance(node, Builtin):
                yield (node.name, len(node.args)), node.pos
                inner = node.args
            elif isinstance(node, ListValue):
                yield ("list", len(node.items)), node.pos
                inner = node.items
            elif isinstance(node, Qualified):
                yield ("qualified", len(node.parts)), node.pos
                inner = node.parts
            elif isinstance(node, Hex):
                yield node.data, node.pos
            elif isinstance(node, Variable):
                yield ("variable", node.name), node.pos
            else:
                yield (type(node).__name__, node.text), node.pos
            waiting += reversed(inner)
