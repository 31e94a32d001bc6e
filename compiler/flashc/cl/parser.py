"""The CL parser: text in, the tree of `ast` and syntax diagnostics out.

Continuation is removed first without moving anything: each continuation sign, its line end and the
blanks that CL drops become NUL characters, which the tokens below skip.  So offsets stay those of the
source.  A parameter of the common form KWD(value) is read by one regular expression; everything else by
a small recursive descent with limits, so that no text, however hostile, can make it run away.

Lexical rules: docs/platform-facts.md#cl-lexical.
"""

from __future__ import annotations

import re

from flashc.cl.ast import (
    Argument,
    Builtin,
    Command,
    Comment,
    Hex,
    Label,
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
from flashc.cl.tokens import (
    BLANK,
    BUILTIN,
    CLOSE,
    CODE_PAGES,
    COMMAND_PARAMETERS,
    COMMENT,
    END,
    EXPRESSIONS,
    HEAD,
    HEX,
    LABEL,
    LEAD,
    MAX_DEPTH,
    MAX_GROUPS,
    MAX_LISTS,
    MAX_OPERATIONS,
    MAX_REPORTED,
    MAX_STATEMENT,
    MAX_STRING,
    OPEN,
    OPERANDS,
    OPERATOR,
    OTHER,
    PARAMETER,
    PATH,
    PRECEDENCE,
    PROMPT,
    QUOTED,
    RAW_LISTS,
    RELATIONAL,
    SPECIAL,
    SYMBOLS,
    TOKEN,
    VARIABLE,
    WORD,
    WORD_OPERATORS,
    fold,
    is_number,
    join,
)
from flashc.diag import Diagnostic, Severity


def parse(text: str, file: str = "<cl>") -> tuple[Source, list[Diagnostic]]:
    """Read a CL (or command definition) source.  Never raises, whatever the text is.

    A statement with a syntax error is kept as far as it was understood, its command marked `broken`;
    the statements after it are read as usual.
    """
    parser = _Parser(text, file)
    parser.source_text()
    return parser.source, parser.diagnostics


_OPENED = re.compile(r"\n[ \t]*/\*(?=[^\n]*[\w-])")  # a line that begins like a comment


class _Broken(Exception):
    """A syntax error that ends the reading of a statement; it has been reported."""


class _Parser:
    __slots__ = (
        "comments",
        "diagnostics",
        "groups",
        "kind",
        "m",
        "operations",
        "pos",
        "raw",
        "source",
        "tend",
        "tokens",
        "tpos",
    )

    def __init__(self, text: str, file: str) -> None:
        self.m = join(text)
        self.comments: list[Comment] = []
        self.source = Source(file, text, [], self.comments)
        self.diagnostics: list[Diagnostic] = []
        self.pos = 0  # where reading goes on
        self.kind = END  # the token looked at, its start and end
        self.tpos = 0
        self.tend = 0
        self.tokens = 0  # looked at in this statement
        self.operations = 0
        self.groups = 0  # parentheses open inside that of the parameter
        self.raw = False  # operator words are plain values in the parameter being read

    # -- statements ------------------------------------------------------------------------------

    def source_text(self) -> None:
        """Read all statements."""
        m = self.m
        size = len(m)
        lead = LEAD.match
        statements = self.source.statements
        labels: list[Label] = []
        start = 0
        while True:
            found = lead(m, self.pos)
            assert found is not None
            pos = self.pos = found.end()
            if pos >= size:
                break
            if m.startswith("/*", pos):
                self.comment(pos)
                continue
            if not labels:
                start = pos
            command = self.statement(pos, labels)
            if command is not None:
                statements.append(Statement(labels, command, start, command.end))
                labels = []
        if labels:
            statements.append(Statement(labels, None, start, labels[-1].end))
        self.last_sign()

    def last_sign(self) -> None:
        """Report a continuation sign behind which the source ends."""
        sign = self.m.find("\0", len(self.m.rstrip("\0 \t\r\n")))
        if sign >= 0 and self.source.text[sign] in "+-":
            self.report("CL0112", "nothing follows this continuation sign", sign, sign + 1)

    def statement(self, pos: int, labels: list[Label]) -> Command | None:
        """One logical line; labels are added to `labels`.  None where there is no command."""
        m = self.m
        self.tokens = 0
        line_end = m.find("\n", pos, pos + MAX_STATEMENT)
        if line_end < 0 and self.too_long(pos):
            return None
        label = LABEL.match(m, pos)
        if label is not None:
            name = fold(label[1].replace("\0", ""))
            labels.append(Label(name, pos, label.end()))
            self.pos = label.end()
            self.advance()
            if self.kind == END:
                self.pos = self.tend
                return None
            pos = self.tpos
        head = HEAD.match(m, pos)
        if head is None:
            self.no_command(pos)
            return None
        try:
            return self.command(head, 0)
        except _Broken:  # reported where it was found
            self.skip_statement()
        return None

    def too_long(self, pos: int) -> bool:
        """Whether the statement is longer than CL allows; then it is reported and left out."""
        end = self.m.find("\n", pos)
        if end < 0:
            end = len(self.m)
        if end - pos - self.m.count("\0", pos, end) <= MAX_STATEMENT:
            return False
        self.report("CL0108", "the statement is longer than 32702 characters", pos, pos + 1)
        self.pos = end
        return True

    def no_command(self, pos: int) -> None:
        """Report what stands where a command should, and go on behind the statement."""
        self.pos = pos
        self.advance()
        if self.kind == CLOSE:
            self.report("CL0103", "this closing parenthesis has no opening one", self.tpos, self.tend)
        elif self.kind == OTHER:
            shown = self.m[self.tpos : self.tend]
            self.report("CL0107", f"{shown!r} cannot stand here", self.tpos, self.tend)
        elif self.kind != END:
            self.report("CL0113", "a command name is expected here", self.tpos, self.tend)
        self.skip_statement()

    def skip_statement(self) -> None:
        """Go to the end of the statement: the next line end that no sign continues."""
        at = self.m.find("\n", self.pos)
        self.pos = len(self.m) if at < 0 else at

    # -- commands --------------------------------------------------------------------------------

    def command(self, head: re.Match[str], depth: int) -> Command:
        """A command from its name on.  `depth` above 0: it stands inside a parameter."""
        if depth > MAX_DEPTH:
            raise self.broken("CL0106", "commands are nested too deeply here", head.start(), head.end())
        library = head[1]
        name = fold(head[2])
        command = Command(
            name, None if library is None else fold(library), [], head.start(), head.end(), head.end()
        )
        self.pos = head.end()
        try:
            self.parameters(command, depth)
        except _Broken:
            command.broken = True
            if depth:
                raise
            self.skip_statement()
        command.end = self.end_of(command)
        return command

    def end_of(self, command: Command) -> int:
        """Where the last thing of a command ends."""
        return command.args[-1].end if command.args else command.name_end

    def parameters(self, command: Command, depth: int) -> None:
        """Read parameters up to the end of the statement or an unmatched parenthesis."""
        m = self.m
        args = command.args
        nested = COMMAND_PARAMETERS.get(command.name)
        expressions = EXPRESSIONS.get(command.name)
        simple = PARAMETER.match
        pos = self.pos
        value: Value
        while True:
            found = simple(m, pos)
            if found is not None:
                keyword = fold(found[1])
                if nested is None or keyword not in nested:
                    which = found.lastindex
                    assert which is not None
                    start, end = found.span(which)
                    if which == 2:
                        value = Variable(fold(m[start:end]), start, end)
                    elif which == 4:
                        value = Word(fold(m[start:end]), start, end)
                    elif which == 3:
                        value = Quoted(m[start + 1 : end - 1], start, end)
                        if end - start - 2 > MAX_STRING:
                            self.long_string(value)
                    else:
                        value = Qualified(
                            [self.part(*found.span(5)), self.part(start, end)], found.start(5), end
                        )
                    pos = found.end()
                    args.append(Argument(keyword, value, found.start(1), pos, found.end(1)))
                    continue
            self.pos = pos
            if self.parameter(command, nested, expressions, depth):
                return
            pos = self.pos

    def part(self, start: int, end: int) -> Value:
        """One part of a qualified name, without continuation inside."""
        text = fold(self.m[start:end])
        return Variable(text, start, end) if text[0] == "&" else Word(text, start, end)

    def parameter(
        self,
        command: Command,
        nested: dict[str, int] | None,
        expressions: frozenset[str | int] | None,
        depth: int,
    ) -> bool:
        """One parameter that is not of the simple form.  True at the end of the command."""
        self.advance()
        kind = self.kind
        if kind == END:
            self.pos = self.tpos
            return True
        if kind == CLOSE:
            if depth:
                self.pos = self.tpos
                return True
            raise self.broken("CL0103", "this closing parenthesis has no opening one", self.tpos, self.tend)
        m = self.m
        if kind == OTHER and m[self.tpos] == "?":
            prompt = PROMPT.match(m, self.tpos)
            assert prompt is not None
            self.pos = prompt.end()
            return False
        start = self.tpos
        touching = m.startswith("(", self.tend)
        if kind == WORD and (touching or self.parted(nested, expressions)):
            keyword = fold(m[start : self.tend].replace("\0", ""))
            keyword_end = self.tend
            if not touching:
                message = f"{keyword} must touch its parenthesis"
                self.report("CL0215", message, start, self.tend, f"write {keyword}(...) without a blank")
                self.advance_to_parenthesis()
            is_command = nested is not None and keyword in nested
            is_expression = expressions is not None and keyword in expressions
            value = self.content(command, keyword, is_command, is_expression, depth + 1)
            command.args.append(Argument(keyword, value, start, self.pos, keyword_end))
            return False
        self.positional(command, nested, expressions, depth)
        return False

    def parted(self, nested: dict[str, int] | None, expressions: frozenset[str | int] | None) -> bool:
        """Whether a blank parts a keyword that the grammar knows from its parenthesis: THEN (DO)."""
        found = TOKEN.match(self.m, self.tend)
        if found is None or found.lastindex != OPEN:
            return False
        word = fold(self.m[self.tpos : self.tend].replace("\0", ""))
        return (nested is not None and word in nested) or (expressions is not None and word in expressions)

    def advance_to_parenthesis(self) -> None:
        """Go to the parenthesis behind the blanks, as if it touched."""
        found = TOKEN.match(self.m, self.tend)
        assert found is not None
        self.tend = found.start(OPEN)

    def positional(
        self,
        command: Command,
        nested: dict[str, int] | None,
        expressions: frozenset[str | int] | None,
        depth: int,
    ) -> None:
        """A parameter without its keyword; the token has been looked at."""
        start = self.tpos
        place = len(command.args) + 1
        is_command = nested is not None and place in nested.values()
        is_expression = expressions is not None and place in expressions
        value: Value
        if self.kind == OPEN:
            self.pos = self.tpos
            self.tend = self.tpos
            value = self.content(command, None, is_command, is_expression, depth + 1)
        elif is_command and self.kind == WORD and (head := HEAD.match(self.m, start)) is not None:
            value = self.command(head, depth + 1) if depth else self.top_command(head)
        else:
            value = self.operand(depth, is_expression)
            self.pos = self.tpos
        command.args.append(Argument(None, value, start, value.end))

    def top_command(self, head: re.Match[str]) -> Command:
        """A command written without parentheses as the last parameter: IF &A GOTO X."""
        inner = self.command(head, 1)
        self.advance()
        if self.kind == CLOSE:
            raise self.broken("CL0103", "this closing parenthesis has no opening one", self.tpos, self.tend)
        self.pos = self.tpos
        return inner

    def content(
        self, command: Command, keyword: str | None, is_command: bool, is_expression: bool, depth: int
    ) -> Value:
        """What stands between the parentheses of a parameter; reading goes on behind them."""
        opened = self.tend
        self.pos = opened + 1
        self.operations = 0
        self.groups = 0
        self.advance()
        value: Value
        if is_command:
            nested = self.nested_command(depth)
            if nested is not None:
                self.expect_close(opened)
                return nested
        first = self.tpos
        kind = self.kind
        self.raw = keyword in RAW_LISTS
        try:
            items = self.items(depth, is_expression)
        finally:
            self.raw = False
        if items is None:
            # A word that touches a parenthesis: the value may be a command of a parameter that the
            # tables do not know, e.g. of a command of the user.
            head = HEAD.match(self.m, first) if kind == WORD else None
            if head is None:
                raise self.broken(
                    "CL0102",
                    f"a closing parenthesis seems to be missing before {self.m[self.tpos : self.tend]}",
                    self.tpos,
                    self.tend + 1,
                    self.opened_by(command, keyword),
                )
            value = self.command(head, depth)
            self.advance()
            self.expect_close(opened)
            return value
        close = self.tend
        if self.kind != CLOSE:
            raise self.broken(
                "CL0102",
                "this parenthesis is not closed",
                opened,
                opened + 1,
                self.opened_by(command, keyword),
            )
        self.pos = close
        if len(items) == 1:
            only = items[0]
            if is_expression:
                return _ungrouped(only)
            if not isinstance(only, ListValue):  # KWD((A B)) is one list of two, KWD(A B) two values
                return only
        return ListValue(items, opened, close)

    def opened_by(self, command: Command, keyword: str | None) -> str:
        """The help for a parenthesis that is not closed."""
        return f"write the missing ')' of {keyword or command.name}(...)"

    def nested_command(self, depth: int) -> Command | None:
        """The command in THEN(...), EXEC(...) and the like, or None where the value is none."""
        start = self.tpos
        if self.kind == OTHER and self.m[start] == "?":
            start += 1
        elif self.kind != WORD and not (self.kind == SPECIAL and self.m.startswith("/", self.tend)):
            return None
        head = HEAD.match(self.m, start)
        if head is None:
            return None
        command = self.command(head, depth)
        self.advance()
        return command

    def expect_close(self, opened: int) -> None:
        if self.kind != CLOSE:
            raise self.broken("CL0102", "this parenthesis is not closed", opened, opened + 1)
        self.pos = self.tend

    # -- values ----------------------------------------------------------------------------------

    def items(self, depth: int, is_expression: bool) -> list[Value] | None:
        """Values up to a closing parenthesis.  None: a word touches a parenthesis, no value does."""
        items: list[Value] = []
        while self.kind != CLOSE and self.kind != END:
            if self.kind == WORD and self.m.startswith("(", self.tend):
                return None
            item = (
                self.operand(depth, is_expression) if self.raw else self.expression(depth, is_expression, 1)
            )
            items.append(item)
        return items

    def expression(self, depth: int, is_expression: bool, least: int) -> Value:
        """Operand, or operations whose precedence is at least `least`."""
        left = self.operand(depth, is_expression)
        if self.kind == CLOSE:
            return left
        while True:
            op = self.operator(left, is_expression)
            if op is None:
                return left
            level = PRECEDENCE[op]
            if level < least:
                return left
            if level == RELATIONAL and not is_expression and self.last_of_list():
                return left
            self.operations += 1
            if self.operations > MAX_OPERATIONS:
                raise self.broken(
                    "CL0109", "the expression has more than 300 operations", self.tpos, self.tend
                )
            where, end = self.tpos, self.tend
            self.pos = end
            self.advance()
            if self.kind == CLOSE or self.kind == END:
                raise self.broken("CL0111", f"nothing follows the operator {op}", where, end)
            right = self.expression(depth, True, level + 1)
            left = Operation(op, _ungrouped(left), _ungrouped(right), left.pos, right.end)

    def last_of_list(self) -> bool:
        """Whether the operator word looked at is itself the last value of a list: JFLD((A B *EQ))."""
        found = TOKEN.match(self.m, self.tend)
        return self.kind == SPECIAL and found is not None and found.lastindex == CLOSE

    def operator(self, left: Value, is_expression: bool) -> str | None:
        """The binary operator looked at, in word form, or None."""
        kind = self.kind
        m = self.m
        if kind == SPECIAL:
            word = fold(m[self.tpos : self.tend].replace("\0", ""))
            if is_expression and is_number(word[1:]) and self.tpos == left.end:
                self.tend = self.tpos + 1  # &N*2: no predefined value touches what is before it
                return "*"
            return word if word in WORD_OPERATORS else None
        if kind != OPERATOR:
            return None
        symbol = m[self.tpos : self.tend].translate(CODE_PAGES)
        if symbol == "<>":
            self.report("CL0110", "<> is not an operator of CL", self.tpos, self.tend, "write *NE")
            return "*NE"
        if symbol in "+-" and not is_expression:
            follows = m[self.tend : self.tend + 1]
            blank = m[self.tpos - 1 : self.tpos] in " \t\0"
            if blank and (follows.isdigit() or follows in ".,"):
                return None  # a signed number, the next value of the list
        elif symbol == "*":
            if isinstance(left, Word) and not is_number(left.text):
                return None  # TOPGMQ(*PRV *)
            after = TOKEN.match(m, self.tend)
            if after is None or after.lastindex in (CLOSE, END):
                return None
        return SYMBOLS.get(symbol)

    def operand(self, depth: int, is_expression: bool) -> Value:
        """One operand with its qualifiers; the next token is looked at afterwards."""
        kind = self.kind
        if kind == OPEN:
            return self.group(depth + 1, is_expression)
        if kind in OPERANDS:
            value = self.atom(kind, depth)
            end = value.end
            if self.m.startswith("/", end) and self.qualifies(end, is_expression, kind):
                value = self.qualified(value, depth)
            self.pos = value.end
            self.advance()
            if kind == SPECIAL and isinstance(value, Word) and value.text == "*NOT":
                return self.unary(value, depth)
            return value
        return self.odd_operand(depth, is_expression)

    def qualifies(self, slash: int, is_expression: bool, kind: int) -> bool:
        """Whether the slash at this place joins names (else it divides, or opens a comment)."""
        place = slash + 1
        while self.m.startswith("\0", place):  # LIB/+ with the name in the next line
            place += 1
        follows = self.m[place : place + 1]
        if not follows or follows in " \t\r\n\0":
            return False
        if follows == "*":
            then = self.m[place + 1 : place + 2]
            return bool(then) and then not in " \t\r\n\0*"
        return not (is_expression and kind in (VARIABLE, BUILTIN))

    def qualified(self, first: Value, depth: int) -> Value:
        """Parts joined by slashes."""
        parts = [first]
        end = first.end
        while self.m.startswith("/", end) and self.qualifies(end, False, 0):
            found = TOKEN.match(self.m, end + 1)
            assert found is not None
            kind = found.lastindex or OTHER
            if kind not in OPERANDS:
                break
            self.kind = kind
            self.tpos, self.tend = found.span(kind)
            part = self.atom(kind, depth)
            parts.append(part)
            end = part.end
        if len(parts) == 1:
            return first
        return Qualified(parts, first.pos, end)

    def atom(self, kind: int, depth: int) -> Value:
        """A variable, literal, word or built-in function."""
        start, end = self.tpos, self.tend
        text = self.m[start:end]
        if "\0" in text:
            text = text.replace("\0", "")
        if kind == VARIABLE:
            return Variable(fold(text), start, end)
        if kind == QUOTED:
            value = Quoted(text[1:-1].replace("''", "'"), start, end)
            if len(value.text) > MAX_STRING:
                self.long_string(value)
            return value
        if kind == BUILTIN:
            return self.builtin(fold(text), start, end, depth)
        if kind == HEX:
            return self.hexadecimal(text, start, end)
        return Word(text if text.startswith('"') else fold(text), start, end)

    def builtin(self, name: str, start: int, end: int, depth: int) -> Value:
        """A built-in function with its arguments."""
        self.pos = end
        self.advance()
        if self.kind != OPEN:
            raise self.broken("CL0405", f"{name} needs its arguments in parentheses", start, end)
        if depth > MAX_DEPTH:
            raise self.broken("CL0106", "parentheses are nested too deeply here", start, end)
        opened = self.tpos
        self.pos = self.tend
        self.advance()
        items = self.items(depth + 1, False)
        if items is None or self.kind != CLOSE:
            raise self.broken("CL0102", "this parenthesis is not closed", opened, opened + 1)
        return Builtin(name, items, start, self.tend)

    def hexadecimal(self, text: str, start: int, end: int) -> Hex:
        digits = text[2:-1]
        try:
            data = bytes.fromhex(digits)
        except ValueError:
            data = b""
        if len(data) * 2 != len(digits):
            self.report(
                "CL0105",
                "a hexadecimal literal takes an even number of the digits 0-9 and A-F",
                start,
                end,
            )
        return Hex(data, start, end)

    def group(self, depth: int, is_expression: bool) -> Value:
        """A parenthesised list or expression."""
        opened = self.tpos
        if depth > MAX_DEPTH:
            raise self.broken("CL0106", "parentheses are nested too deeply here", opened, opened + 1)
        self.groups += 1
        level = self.groups
        self.pos = self.tend
        self.advance()
        items = self.items(depth, is_expression)
        if items is None:
            raise self.broken(
                "CL0102", "a closing parenthesis seems to be missing before this", self.tpos, self.tend + 1
            )
        if self.kind != CLOSE:
            raise self.broken("CL0102", "this parenthesis is not closed", opened, opened + 1)
        end = self.tend
        self.groups = level - 1
        self.too_deep(level, items, opened)
        self.pos = end
        self.advance()
        if len(items) == 1 and (isinstance(items[0], Operation | Unary)):
            return items[0]
        return ListValue(items, opened, end)

    def too_deep(self, level: int, items: list[Value], opened: int) -> None:
        """Report the first parenthesis that is one level deeper than CL allows."""
        if level == MAX_GROUPS + 1:
            message = f"parentheses are nested more than {MAX_GROUPS} deep in this expression"
        elif level == MAX_LISTS + 1 and len(items) > 1:
            message = f"lists are nested more than {MAX_LISTS} deep in this parameter"
        else:
            return
        self.report("CL0106", message, opened, opened + 1)

    def unary(self, op: Word, depth: int) -> Value:
        """*NOT in front of its operand; alone it is a value."""
        if self.kind == CLOSE or self.kind == END:
            return op
        operand = _ungrouped(self.nest(depth + 1, True))
        return Unary(op.text, operand, op.pos, operand.end)

    def nest(self, depth: int, is_expression: bool) -> Value:
        """An operand one level deeper, so that chains of unary operators have a limit too."""
        if depth > MAX_DEPTH:
            raise self.broken("CL0106", "operators are nested too deeply here", self.tpos, self.tend)
        return self.operand(depth, is_expression)

    def odd_operand(self, depth: int, is_expression: bool) -> Value:
        """An operand that starts with an operator or an unusual character."""
        m = self.m
        start, end = self.tpos, self.tend
        if self.kind == END:
            raise self.broken("CL0111", "a value is missing here", max(0, start - 1), start)
        if self.kind == OTHER:
            if m[start] == "'":
                raise self.broken("CL0101", "this character string is not closed", start, start + 1)
            if m[start] in ";{}`":
                raise self.broken("CL0107", f"{m[start]!r} cannot stand here", start, end)
        symbol = m[start:end].translate(CODE_PAGES)
        if symbol in ("+", "-"):
            return self.signed(symbol, depth, is_expression)
        if symbol == "^":
            self.pos = end
            self.advance()
            operand = _ungrouped(self.nest(depth + 1, True))
            return Unary("*NOT", operand, start, operand.end)
        if symbol == "/" and (path := PATH.match(m, start)) is not None:
            end = path.end()
        self.pos = end
        self.advance()
        return Word(fold(m[start:end]), start, end)

    def signed(self, sign: str, depth: int, is_expression: bool) -> Value:
        """A signed number, or a sign in front of an operand."""
        start = self.tpos
        self.pos = self.tend
        touching = self.tend
        self.advance()
        if self.kind == CLOSE or self.kind == END:
            return Word(sign, start, touching)
        if self.kind == WORD and self.tpos == touching:
            word = fold(self.m[self.tpos : self.tend].replace("\0", ""))
            end = self.tend
            self.pos = end
            self.advance()
            return Word(sign + word, start, end)
        operand = _ungrouped(self.nest(depth + 1, is_expression))
        return Unary(sign, operand, start, operand.end)

    # -- tokens ----------------------------------------------------------------------------------

    def advance(self) -> None:
        """Look at the next token; comments on the way are kept."""
        while True:
            found = TOKEN.match(self.m, self.pos)
            assert found is not None
            kind = found.lastindex or OTHER
            self.tpos, self.tend = found.span(kind)
            if kind != COMMENT:
                self.kind = kind
                self.tokens += 1
                if self.tokens > MAX_STATEMENT:  # comments over many lines can hide the length
                    raise self.broken("CL0108", "the statement is too long", self.tpos, self.tend)
                return
            self.comment(self.tpos)

    def comment(self, pos: int) -> None:
        """Keep the comment that starts here and go behind it."""
        if not self.opens(pos):
            message = "this is no comment: no blank stands before /*, and neither a blank nor * behind it"
            self.report("CL0115", message, pos, pos + 2, "write a blank before /*")
        at = self.m.find("*/", pos + 2)
        if at < 0:
            self.report("CL0104", "this comment is not closed", pos, pos + 2, "write */ behind the comment")
            end = len(self.m)
        else:
            end = at + 2
            opened = _OPENED.search(self.source.text, pos + 2, at)
            if opened is not None:
                message = "this comment is still open where another one begins: its */ may be missing"
                self.report("CL0104", message, pos, pos + 2, f"before {opened[0].strip()}", "warning")
        if not self.comments or self.comments[-1].pos < pos:  # a command in a parameter is read twice
            self.comments.append(Comment(self.source.text[pos:end], pos, end))
        self.pos = end

    def opens(self, pos: int) -> bool:
        """Whether a comment can open here: docs/platform-facts.md#cl-lexical."""
        before = pos  # a continuation joins what stands before its sign
        while before and self.m[before - 1] == "\0":
            before -= 1
        if not before or BLANK.match(self.m, before - 1):
            return True
        return self.m.startswith("*", pos + 2) or BLANK.match(self.m, pos + 2) is not None

    # -- diagnostics -----------------------------------------------------------------------------

    def long_string(self, value: Quoted) -> None:
        self.report(
            "CL0114", "this character string is longer than 5000 characters", value.pos, value.pos + 1
        )

    def broken(self, code: str, message: str, pos: int, end: int, help: str | None = None) -> _Broken:
        """Report an error that ends the statement; the caller raises what is returned."""
        self.report(code, message, pos, end, help)
        self.pos = max(self.pos, pos)
        return _Broken()

    def report(
        self,
        code: str,
        message: str,
        pos: int,
        end: int,
        help: str | None = None,
        severity: Severity = "error",
    ) -> None:
        count = len(self.diagnostics)
        if count > MAX_REPORTED:
            return
        if count == MAX_REPORTED:
            code, message, help = "CL0002", "too many syntax errors, the others are not shown", None
        self.diagnostics.append(Diagnostic(code, severity, message, self.source.span(pos, end), help))


def _ungrouped(value: Value) -> Value:
    """An operand without the parentheses that only group it."""
    while isinstance(value, ListValue) and len(value.items) == 1:
        value = value.items[0]
    return value
