"""The TextMate grammar in the real engine: each word has the colour of what the compiler takes it for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from flashc.syntax.parser import scan
from lark import Token

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GRAMMAR = ROOT / "editors" / "vscode" / "syntaxes" / "flash.tmLanguage.json"
FOLDER = ROOT / ".venv-textmate"

SCOPES: dict[str, tuple[str, ...]] = {
    "COMMENT": ("comment.",),
    "STRING": ("string.",),
    "UNCLOSED": ("string.",),
    "NAME": ("variable.other", "entity.name"),
    "SPECIAL": ("constant.language.special",),
    "LIMIT": ("constant.numeric.limit",),
    "TIME": ("constant.numeric.time",),
    "DATE": ("constant.numeric.date",),
    "PERCENT": ("constant.numeric.percent",),
    "VERSION": ("constant.numeric.version",),
    "INT": ("constant.numeric",),
    "CODE": ("constant.numeric",),
    "LBRACE": ("punctuation",),
    "RBRACE": ("punctuation",),
    "COMMA": ("punctuation",),
    "SLASH": ("punctuation",),
    "WORD": ("support.constant.family", ""),
    "JUNK": ("",),
}
"""Terminal to the beginnings that the name of its colour may have; "" is no colour.  Others are keywords."""

IN_PARTS = frozenset({"STRING", "UNCLOSED", "COMMENT"})
"""Terminals that the engine divides into several tokens of one colour."""

KEYWORD = ("keyword.", "storage.", "constant.language")

HARD = """\
system SIST#PROD { host "a""b # no comment" user X } # "comment"
host "open
identity serial 78ABC12 lpar 24#JUNK
release 7.4 60sec 60s 20:35 20:35:00 *NONE* 2026-12-31 2026-1-1 15% 15%x 6d
console HMC1 is hmc{address "a"or "b"}
hold job QUSR/CPY on start,flash
systems clone-x idle_or_copied idle
"""


def main() -> int:
    """Compare every word of the examples, the specs of the tests, and some hard lines."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        print("test-systems needs Node.js 18 or later with npm (Debian: nodejs npm)", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    shutil.copy(HERE / "package.json", FOLDER / "package.json")
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel", "error"]
    subprocess.run(npm, cwd=FOLDER, check=True, timeout=600)
    paths = [
        *sorted((ROOT / "examples").rglob("*.flash")),
        *sorted((ROOT / "tests" / "specs").glob("*.flash")),
    ]
    texts = [*(p.read_text(encoding="utf-8") for p in paths), HARD]
    done = subprocess.run(
        ["node", str(HERE / "scopes.mjs")],
        input=json.dumps({"grammar": str(GRAMMAR), "texts": texts}),
        cwd=FOLDER,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return 1
    names = [*(str(p.relative_to(ROOT)) for p in paths), "hard lines"]
    wrong: list[str] = []
    words = 0
    for name, text, found in zip(names, texts, json.loads(done.stdout), strict=True):
        tokens = scan(text)
        words += len(tokens)
        wrong += [f"{name}:{problem}" for token in tokens if (problem := _problem(token, found))]
    print("\n".join(wrong), end="\n" if wrong else "")
    print(f"textmate: {words} words of {len(texts)} texts, {len(wrong)} with another colour")
    return 1 if wrong or words < 500 else 0


def _problem(token: Token, found: list[tuple[int, int, int, list[str]]]) -> str | None:
    """What is wrong with the colour of a word; None if it has the right one from its start to its end."""
    wanted = SCOPES.get(token.type, KEYWORD)
    start, end = token.column or 1, token.end_column or 1
    # Columns of the engine count UTF-16 units; the texts that are compared have only characters of one unit.
    over = [t for t in found if t[0] == token.line and t[1] < end and t[2] > start]
    for _, first, last, scopes in over:
        colour = scopes[0] if scopes else ""
        fits = any(colour.startswith(w) if w else not colour for w in wanted)
        whole = (first, last) == (start, end) or not colour or token.type in IN_PARTS
        if not fits or not whole:
            return f"{token.line}:{start}: {token.type} {token} has the colour {colour or 'none'}"
    return None if over else f"{token.line}:{start}: {token.type} {token} has no token"


if __name__ == "__main__":
    sys.exit(main())
