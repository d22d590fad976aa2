"""Where a command writes: checked before any work is done, replaced only when the work succeeded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def check_output(path: Path, suffixes: Sequence[str], *sources: Path | None) -> None:
    """Refuse an output that cannot be written or that would destroy an input. Raises CaseError."""
    from carbonstd import CaseError
    from carbonstd._findings import finding

    if any(source and path.exists() and source.exists() and path.samefile(source) for source in sources):
        raise CaseError(findings=[finding("output-is-input", str(path))])
    if path.is_dir():
        raise CaseError(findings=[finding("output-is-folder", str(path))])
    if path.suffix.lower() not in suffixes:
        expected = " / ".join(suffixes)
        raise CaseError(findings=[finding("output-suffix", str(path), suffix=path.suffix, expected=expected)])
    if not path.parent.is_dir():
        raise CaseError(findings=[finding("output-folder-missing", str(path.parent))])


def check_new(path: Path) -> None:
    """Refuse to overwrite a file that persons may have filled in. Raises CaseError."""
    from carbonstd import CaseError
    from carbonstd._findings import finding

    if path.exists():
        raise CaseError(findings=[finding("output-exists", str(path))])
