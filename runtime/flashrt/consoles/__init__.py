"""Drivers of the consoles that power partitions on and off."""
