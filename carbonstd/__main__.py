"""`python -m carbonstd` is the command `carbonstd`."""

from carbonstd.cli.__main__ import main

if __name__ == "__main__":
    main()
