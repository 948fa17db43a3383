"""`python -m timbrespace` is the same as the command `timbrespace`."""

import sys

from timbrespace.cli import main

sys.exit(main())
