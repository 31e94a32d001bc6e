"""Start of the zipapp and of `python -m flashrt`."""

import sys

from flashrt.main import main

if __name__ == "__main__":
    sys.exit(main())
