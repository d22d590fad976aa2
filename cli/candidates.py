"""What a shell completes: ids told by the names of files alone, for a keystroke waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from .configuration import configured

_SHIPPED = Path(__file__).resolve().parents[1]  # beside this package lie `factors` and `methods`, installed or not
_APART = {"vocabulary", "standards", "shared"}  # folders of no tables and methods


def methods(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    return _beginning(begun, _ids(context, "methods"))


def tables(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    return _beginning(begun, _ids(context, "factors"))


def definitions(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Methods, tables and vocabularies."""
    words = (f"vocabulary/{path.stem}" for path in (_SHIPPED / "factors" / "vocabulary").glob("*.yaml"))
    return _beginning(begun, [*_ids(context, "methods"), *_ids(context, "factors"), *words])


def editions(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Editions of the method or table that was named before; else all there are of methods."""
    named = next((context.params[name] for name in ("id", "method") if context.params.get(name)), "")
    family = str(named).partition("@")[0]
    found = [*_ids(context, "methods"), *(_ids(context, "factors") if family else ())]
    return _beginning(begun, {item.partition("@")[2] for item in found if not family or item.startswith(f"{family}@")})


def _beginning(begun: str, names: list[str] | set[str]) -> list[str]:
    return sorted({name for name in names if name.startswith(begun)})


def _ids(context: click.Context, kind: str) -> list[str]:
    """Ids as the library forms them of paths, of the shipped files and the folders of a user."""
    roots = [_SHIPPED / kind, *(context.params.get(kind) or ()), *_configured(kind)]
    return [
        f"{'/'.join(parts[:-1]) if kind == 'factors' else parts[-2]}@{Path(parts[-1]).stem}"
        for root in roots
        for path in root.glob("*/*/*.yaml")
        if not _APART & set(parts := path.relative_to(root).parts)
    ]


def _configured(kind: str) -> Iterator[Path]:
    from carbonstd import CarbonstdError

    with suppress(CarbonstdError):  # told when a command is run
        yield from configured()[kind]
