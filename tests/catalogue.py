"""The words of the command line in Chinese: `python -m tests.catalogue` brings the catalogue up to date with the code.

New messages come in untranslated, what the code no longer says goes, and the compiled catalogue is written anew. What
click says stays: other versions of it say it a little otherwise.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from carbonstd.cli.app import app
from carbonstd.cli.language import DOMAIN, LOCALE
from carbonstd.cli.spoken import paragraphs

CLI = Path(__file__).resolve().parents[1] / "cli"
PO = LOCALE / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"
MO = PO.with_suffix(".mo")
OF_CLICK = "click"


def commands(command: click.Command = app, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command after the words that lead to it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, *path, name)


def explained() -> Iterator[str]:
    """What help is made of: the texts of commands, options and arguments."""
    for _path, command in commands():
        told = [command.help, command.short_help, command.options_metavar]
        told += [getattr(command, "subcommand_metavar", None)]
        told += [getattr(item, name, None) for item in command.params for name in ("help", "metavar")]
        yield from (part for text in told if text for part in paragraphs(text))


def called(folder: Path) -> Iterator[str | tuple[str, str]]:
    """What the code of a folder asks gettext for."""
    for _file, _line, message, _comments, _context in extract_from_dir(folder):
        yield message if isinstance(message, str) else (message[0], message[1])


def messages() -> Catalog:
    """All that the command line says, in the order of the code; what of it click says is marked."""
    found = Catalog()
    for message in called(CLI):
        found.add(message)
    for message in explained():
        found.add(message)
    for message in (*called(Path(click.__file__).parent), "required"):  # the last is in no call: `_(extra["required"])`
        if message not in found:
            found.add(message, auto_comments=[OF_CLICK])
    return found


def held() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN")


def compiled(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    catalog, wanted = held(), messages()
    for message in catalog:
        if OF_CLICK in message.auto_comments and message.id not in wanted:
            wanted.add(message.id, auto_comments=[OF_CLICK])
    wanted.creation_date = catalog.creation_date
    catalog.update(wanted, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, no_location=True)
    MO.write_bytes(compiled(catalog))


if __name__ == "__main__":
    main()
