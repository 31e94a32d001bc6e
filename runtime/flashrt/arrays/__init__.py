"""Drivers of the arrays that make point-in-time copies."""
