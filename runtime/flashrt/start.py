"""Start of the sidecar as a process of its own: from the zipapp, or by `python -m flashrt`."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def start() -> NoReturn:
    """Run the verb of the command line and end with its exit status."""
    open_standard_files()
    # Loaded now and not before, so that nothing of ours can have got one of these numbers.
    from flashrt.main import main

    sys.exit(main())


def open_standard_files() -> None:
    """Open descriptors 0, 1 and 2 where nobody has: a job that was started by QP2SHELL2 has none of them.

    Else the first connections would get these numbers, and what the run time of PASE or a library writes to
    standard error would go to an array.  docs/platform-facts.md#qp2shell2
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
