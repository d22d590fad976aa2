"""The README as a package index shows it, alone; all else of the package is told in pyproject.toml.

A link to a file of this folder leads to it at the address `source` of [project.urls]. Until there is one it is plain
text, and a picture its description: a link that leads nowhere is worse than none.
"""

import re
import tomllib
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent
RELATIVE = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?![a-z]+:|#)(?P<path>[^)\s]+)\)")


def shown_alone(readme: str, source: str) -> str:
    """The README with no link to a file beside it."""
    if not source:
        return RELATIVE.sub(r"\g<text>", readme)
    return RELATIVE.sub(
        lambda found: f"{found['picture']}[{found['text']}]({source.rstrip('/')}/{found['path']})", readme
    )


if __name__ == "__main__":
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    setup(
        long_description=shown_alone(
            (HERE / "README.md").read_text(encoding="utf-8"), project.get("urls", {}).get("source", "")
        ),
        long_description_content_type="text/markdown",
    )
