"""The worlds of these tests are deployed once for many of them."""

from __future__ import annotations

from deployed_once import pytest_pyfunc_call, pytest_sessionfinish

__all__ = ["pytest_pyfunc_call", "pytest_sessionfinish"]
