"""``python -m cleaner``: the command."""

import sys

from cleaner.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
