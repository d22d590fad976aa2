"""python make.py COMMAND: set up, try, check and test carbonstd. No bash, no make, no pip install by hand.

Everything is installed into .venv beside this file. Only the standard library is used.
"""

import sys

if sys.version_info < (3, 11):  # the syntax of this file stays readable for Python 3.6, to say this
    sys.exit(f"make.py: carbonstd needs Python 3.11 or newer, this is {sys.version.split()[0]}")

import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "carbonstd-setup.json"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / ("python" + SUFFIX)
EXAMPLE = ROOT / "methods" / "enterprises" / "gbt-32151.34" / "example.xlsx"
EXAMPLE_RESULT = "example-result.xlsx"
Step = Sequence["str | Path"]
VERSION_PROBE = "import pip, sys; print(sys.version)"


def run(*command: "str | Path", cwd: "Path | None" = None) -> int:
    """Run a command without a shell and return its exit code."""
    sys.stdout.flush()
    return subprocess.run([str(part) for part in command], cwd=cwd, check=False).returncode


def note(text: str) -> None:
    print(f"make.py: {text}", file=sys.stderr, flush=True)


def venv_works() -> bool:
    """Whether .venv runs this very Python and has pip."""
    if not PYTHON.exists():
        return False
    probe = subprocess.run([PYTHON, "-c", VERSION_PROBE], capture_output=True, text=True, check=False)
    return probe.returncode == 0 and probe.stdout.strip() == sys.version.strip()


def create_venv() -> None:
    note(f"creating .venv with Python {sys.version.split()[0]}")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode or not venv_works():
        detail = made.stderr.strip().splitlines()[-1:]
        sys.exit(
            "make.py: this Python cannot make a virtual environment with pip; on Debian and Ubuntu run"
            " `sudo apt-get install python3-venv`, elsewhere use an installer that brings venv and ensurepip"
            + "".join(f" ({line})" for line in detail)
        )


def set_up(*extras: str) -> None:
    """Install carbonstd (editable) with extras into .venv, unless that is already so."""
    wanted = {
        "python": sys.version,
        "root": str(ROOT),
        "pyproject": hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest(),
    }
    try:
        recorded = json.loads(STAMP.read_text(encoding="utf-8"))
        have = set(recorded.pop("extras"))
    except (OSError, ValueError, KeyError, AttributeError):
        recorded, have = {}, set()
    if PYTHON.exists() and recorded == wanted and have.issuperset(extras):
        return
    if not venv_works():
        create_venv()
        have = set()
    have = have.union(extras)
    target = f"{ROOT}[{','.join(sorted(have))}]" if have else str(ROOT)
    note("installing carbonstd and what it needs into .venv (once, about a minute)")
    STAMP.unlink(missing_ok=True)
    options = ("-qq", "--no-input", "--disable-pip-version-check")
    code = run(PYTHON, "-m", "pip", "install", *options, "-e", target, cwd=ROOT)
    if code:
        note("pip could not install carbonstd, see above; `pip config set` names a proxy or mirror")
        sys.exit(code)
    STAMP.write_text(json.dumps({**wanted, "extras": sorted(have)}), encoding="utf-8")


def first_failure(steps: Mapping[str, Step]) -> int:
    """Run every step from the top folder; the exit code of the first one that failed."""
    failed = {}
    for name, command in steps.items():
        note(name)
        code = run(*command, cwd=ROOT)
        if code:
            failed[name] = code
    if failed:
        note("failed: " + ", ".join(failed))
    return next(iter(failed.values()), 0)


LINT: "dict[str, Step]" = {
    "ruff check": (PYTHON, "-m", "ruff", "check", "."),
    "ruff format --check": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "mypy": (PYTHON, "-m", "mypy"),
}


def example(*arguments: str) -> int:
    """run the shipped example: reads its workbook, writes example-result.xlsx here"""
    set_up()
    here = Path.cwd().resolve()
    case = EXAMPLE.relative_to(here) if EXAMPLE.is_relative_to(here) else EXAMPLE
    return run(BIN / ("carbonstd" + SUFFIX), "calc", case, "-o", EXAMPLE_RESULT, *arguments)


def test(*arguments: str) -> int:
    """lint, then all tests on all cores; arguments go to pytest instead: test -k cement -x"""
    set_up("test", "dev")
    pytest: Step = (
        PYTHON,
        "-m",
        "pytest",
        *(arguments or ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")),
    )
    return first_failure({**LINT, "pytest": pytest})


def docs(*arguments: str) -> int:
    """build the documentation site into site/; --strict fails on any broken link"""
    set_up("docs")
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # mkdocs-material's word on releases to come
    code = run(PYTHON, "-m", "mkdocs", "build", "--quiet", *arguments, cwd=ROOT)
    if not code:
        note(f"read it with: {PYTHON} -m http.server -d {ROOT / 'site'}")
    return code


def lint() -> int:
    """ruff check, ruff format --check and mypy"""
    set_up("test", "dev")
    return first_failure(LINT)


def setup() -> int:
    """create .venv and install carbonstd with everything for working on it"""
    set_up("test", "dev")
    note("ready: " + str(BIN / ("carbonstd" + SUFFIX)))
    return 0


def check() -> int:
    """what `carbonstd lint` says of the tables and methods"""
    set_up("test", "dev")
    return run(BIN / ("carbonstd" + SUFFIX), "lint")


def data() -> int:
    """tables and methods of this version as one zip in dist/, for use without the program"""
    set_up()
    return run(PYTHON, ROOT / ".ci" / "data_release.py")


def show_help() -> int:
    """this list"""
    print("usage: python make.py COMMAND [ARGUMENTS]\n")
    for name, command in COMMANDS.items():
        print(f"  {name:<9}{command.__doc__}")
    return 0


COMMANDS: "dict[str, Callable[..., int]]" = {
    "example": example,
    "test": test,
    "docs": docs,
    "lint": lint,
    "setup": setup,
    "check": check,
    "data": data,
    "help": show_help,
}


def main(name: str = "help", *arguments: str) -> int:
    name = {"-h": "help", "--help": "help"}.get(name, name)
    if name not in COMMANDS:
        sys.exit(f"make.py: no command '{name}'; there are {', '.join(COMMANDS)}")
    if arguments and name not in ("example", "test", "docs"):
        sys.exit(f"make.py: '{name}' takes no arguments")
    return COMMANDS[name](*arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"make.py: {error}")
