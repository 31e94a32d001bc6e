"""What the templates see: the resolved spec in the words of the generated programs."""

from flashc.bundle.context.environment import summary
from flashc.bundle.context.system import (
    BRMS_NETWORK_JOBS,
    PYTHON,
    closed_commands,
    folder_of,
    system_context,
)

__all__ = ["BRMS_NETWORK_JOBS", "PYTHON", "closed_commands", "folder_of", "summary", "system_context"]
