"""The sidecar: console, array, SQL, delivery and mail calls of a run, made from PASE.

Python 3.9 syntax and library; it imports nothing of the compiler or the twin.  Packed as a zipapp into
every bundle and run as `python3.9 flashrt.pyz VERB ...`; `flashrt.main.main` is the one entry point.
"""

__version__ = "0.1.0"
