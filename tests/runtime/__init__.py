"""Tests of the sidecar; they run on Python 3.9 too."""
