"""The bundle: CL sources, messages, sidecar, tables and a manifest, rendered from the runbook."""

from flashc.bundle.build import BuildError, Bundle, build

__all__ = ["BuildError", "Bundle", "build"]
