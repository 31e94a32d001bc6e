"""The runbook of an environment: its steps, their messages, limits and object names."""

from flashc.runbook.steps import Step, steps

__all__ = ["Step", "steps"]
