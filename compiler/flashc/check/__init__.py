"""What a spec means: names, quantities and rules; `load` makes the resolved spec of a file."""

from flashc.check.load import Reader, load, read_file

__all__ = ["Reader", "load", "read_file"]
