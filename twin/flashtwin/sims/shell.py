"""The part of a restricted remote shell that a simulator needs: one simple command, words and quotes.

Quoting is that of bash, since a driver's quoting mistakes must show: a blank in an unquoted name makes two
words, `$` in double quotes is a variable, an open quote is an error.  Both HMC and SVC let a user run
commands only by name and redirect nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

LONGEST_LINE = 65_536
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What stands for itself, outside and inside of double quotes.
_PLAIN = re.compile(r"[^ \t\r\n<>|;&()`'\"\\$]+")
_PLAIN_IN_DOUBLE = re.compile(r'[^"\\$`]+')
# Inside double quotes a backslash escapes these only.
_ESCAPED_IN_DOUBLE = '$`"\\\n'
_OPERATORS = {
    "|": "pipes",
    ";": "several commands",
    "&": "background jobs and lists",
    "\n": "several commands",
    "(": "subshells",
    ")": "subshells",
    "`": "command substitution",
}


class ShellError(Exception):
    """The shell refuses the line: what it prints on stderr, and its exit status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


@dataclass(frozen=True, slots=True)
class Line:
    """A simple command: its words after quote removal, and the variables that were set before it."""

    words: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def parse(line: str, shell: str = "rbash") -> Line:
    """The words of a command line; ShellError where a restricted bash (or another `shell`) would refuse it.

    Lists, pipes and substitutions are refused too: a real restricted shell has them, this one has not.
    """
    if len(line) > LONGEST_LINE:
        raise ShellError(f"{shell}: the command line is longer than {LONGEST_LINE} characters\n", 126)
    if "\0" in line:
        raise ShellError(f"{shell}: the command line holds a null character\n", 126)
    words = _Words(line.strip(" \t\r\n"), shell).split()
    environment: dict[str, str] = {}
    while words and words[0][0] and (match := _ASSIGNMENT.fullmatch(words[0][1])):
        environment[match[1]] = match[2]
        words.pop(0)
    texts = tuple([text for _, text in words])
    if shell.startswith("r") and texts and "/" in texts[0]:
        raise ShellError(f"{shell}: {texts[0]}: restricted: cannot specify `/' in command names\n", 1)
    return Line(texts, environment)


class _Words:
    """Splits a line; a word is (its name part is unquoted, text)."""

    def __init__(self, line: str, shell: str) -> None:
        self.line = line
        self.shell = shell
        self.at = 0

    def split(self) -> list[tuple[bool, str]]:
        words: list[tuple[bool, str]] = []
        while self.at < len(self.line):
            char = self.line[self.at]
            if char in " \t\r":
                self.at += 1
            elif char == "#":
                break
            elif char in "<>":
                raise ShellError(f"{self.shell}: restricted: cannot redirect output\n", 1)
            elif char in _OPERATORS:
                self._refuse(char)
            else:
                words.append(self._word())
        # A word that vanished with its unset variable is no word at all.
        return [word for word in words if word[0] is False or word[1]]

    def _word(self) -> tuple[bool, str]:
        parts: list[str] = []
        plain = True
        while self.at < len(self.line):
            if run := _PLAIN.match(self.line, self.at):
                parts.append(run[0])
                self.at = run.end()
                continue
            char = self.line[self.at]
            if char in " \t\r\n<>" or char in _OPERATORS:
                break
            self.at += 1
            if char == "'":
                plain = plain and "=" in "".join(parts)
                parts.append(self._until_single())
            elif char == '"':
                plain = plain and "=" in "".join(parts)
                parts.append(self._until_double())
            elif char == "\\":
                parts.append(self._next())
            elif char == "$":
                parts.append(self._variable())
        return plain, "".join(parts)

    def _next(self) -> str:
        if self.at >= len(self.line):
            return "\\"
        self.at += 1
        char = self.line[self.at - 1]
        return "" if char == "\n" else char

    def _until_single(self) -> str:
        end = self.line.find("'", self.at)
        if end < 0:
            self._open_quote("'")
        text = self.line[self.at : end]
        self.at = end + 1
        return text

    def _until_double(self) -> str:
        parts: list[str] = []
        while self.at < len(self.line):
            if run := _PLAIN_IN_DOUBLE.match(self.line, self.at):
                parts.append(run[0])
                self.at = run.end()
                continue
            char = self.line[self.at]
            self.at += 1
            if char == '"':
                return "".join(parts)
            if char == "\\" and self.at < len(self.line) and self.line[self.at] in _ESCAPED_IN_DOUBLE:
                parts.append(self._next())
            elif char == "$":
                parts.append(self._variable())
            elif char == "`":
                self._refuse(char)
            else:
                parts.append(char)
        self._open_quote('"')

    def _variable(self) -> str:
        if self.line.startswith("(", self.at):
            self._refuse("`")
        if self.line.startswith("{", self.at):
            end = self.line.find("}", self.at)
            if end < 0:
                self._open_quote("}")
            self.at = end + 1
            return ""
        match = _NAME.match(self.line, self.at)
        if match is None:
            return "$"
        # No variable is set in such a session, so it stands for nothing.
        self.at = match.end()
        return ""

    def _open_quote(self, quote: str) -> NoReturn:
        raise ShellError(f"{self.shell}: -c: unexpected EOF while looking for matching `{quote}'\n", 1)

    def _refuse(self, char: str) -> NoReturn:
        raise ShellError(f"{self.shell}: {_OPERATORS[char]} are not offered to this session\n", 2)
