"""flashc: from a short spec to a clone backup of an IBM i partition."""

__version__ = "0.1.0"
