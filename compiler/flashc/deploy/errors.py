"""What stops a deployment, with the exit status that says what kind of stop it is."""

from __future__ import annotations

UNREACHABLE = 3
REFUSED = 4


class DeployError(Exception):
    """The work stops here.  `status` is the exit status: 3 not reached or read, 4 refused for safety."""

    def __init__(self, text: str, status: int = UNREACHABLE) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
