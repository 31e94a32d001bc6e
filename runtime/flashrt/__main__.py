"""Start of `python -m flashrt`."""

from flashrt.start import start

if __name__ == "__main__":
    start()
