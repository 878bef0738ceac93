"""`python -m netaudit` does what the `netaudit` command does."""

import sys

from netaudit.cli import main

sys.exit(main())
