"""Diagnostics as SARIF 2.1.0, the form from which CI systems annotate the lines of a change."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from flashc.check.rules import RULES
from flashc.diag import Diagnostic, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(diagnostics: list[Diagnostic], version: str) -> dict[str, Any]:
    """The SARIF log of one run of `flashc check`; `version` is that of flashc.

    Files are named by relative URIs as they were given, so that a run at the top of a repository gives the
    names that its CI system knows.
    """
    codes = sorted({d.code for d in diagnostics})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "flashc", "version": version, "rules": [_rule(code) for code in codes]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(d, codes.index(d.code)) for d in diagnostics],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    """The entry of a code, with what `flashc explain` says of it."""
    rule = RULES.get(code)
    if rule is None:  # a code of the CL checker, found in a command source
        return {"id": code}
    entry: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "defaultConfiguration": {"level": rule.severity},
    }
    if rule.help:
        entry["help"] = {"text": rule.help}
    return entry


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    text = f"{diagnostic.message}\n{diagnostic.help}" if diagnostic.help else diagnostic.message
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(diagnostic.span)}],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": r.message}, "physicalLocation": _location(r.span)}
            for number, r in enumerate(diagnostic.related, 1)
        ]
    return result


def _location(span: Span) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": _uri(span.file)},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        },
    }


def _uri(file: str) -> str:
    path = PurePath(file)
    # A name such as nul\0.flash is a legal argument; in a URI each such character is percent-encoded.
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
