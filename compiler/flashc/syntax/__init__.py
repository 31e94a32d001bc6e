"""The language's syntax: text in, syntax tree and diagnostics out."""

from flashc.syntax.parser import parse

__all__ = ["parse"]
