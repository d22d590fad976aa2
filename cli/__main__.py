"""`carbonstd` and `python -m carbonstd`."""

from __future__ import annotations

import sys
import warnings


def main() -> None:
    """Run the command line and leave with its exit code; no traceback reaches a user."""
    try:
        from .app import app
        from .output import prepare_streams

        if not sys.warnoptions:
            warnings.simplefilter("ignore")  # libraries warn programmers; users get findings
        prepare_streams()
        app(prog_name="carbonstd")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
