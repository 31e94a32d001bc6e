"""The bundle: CL sources, messages, sidecar, tables and a manifest, rendered from the runbook."""

from flashc.bundle.build import Bundle, build
from flashc.bundle.readback import BuildError

__all__ = ["BuildError", "Bundle", "build"]
