"""The command line when things go wrong: findings instead of tracebacks, any terminal, any language."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from carbonstd._errors import CaseError
from carbonstd._output import replace_text, together
from carbonstd.cli import language as cli_language
from tests.command_line import DIESEL, GRID, HEAD, METHOD, TWICE, own_grid_table, run, start_in, write


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def lock_of(case: Path) -> dict[str, object]:
    assert run("calc", case, "-o", "lock.json").exit_code == 0
    data: dict[str, object] = json.loads(Path("lock.json").read_text(encoding="utf-8"))
    return data


BROKEN_CASES: dict[str, tuple[str | bytes, str]] = {
    "broken-yaml": ("method: [1,\n", "yaml-syntax"),
    "empty": ("", "schema-missing-field"),
    "a-list": ("- 1\n", "schema-type"),
    "not-utf8": ("method: 炭素\n".encode("gbk"), "yaml-not-utf8"),
    "binary": (bytes(range(256)), "yaml"),
    "duplicate-key": (DIESEL + "period: 2024\n", "yaml-duplicate-key"),
    "too-deep": ("a: " + "[" * 200 + "]" * 200 + "\n", "yaml"),
    "billion-laughs": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "yaml"),
    "python-tag": ("method: !!python/object/apply:os.system ['true']\n", "yaml-tag"),
    "unknown-method": (DIESEL.replace(METHOD, "gbt-32151.43"), "not-found"),
    "no-method": (DIESEL.replace("method:", "methode:"), "schema-missing-field"),
    "bad-period": (DIESEL.replace("period: 2025", "period: last year"), "case-period"),
    "period-backwards": (DIESEL.replace("period: 2025", "period: 2025..2024"), "case-period"),
    "bad-as-of": (DIESEL.replace("as_of: 2026-03-31", "as_of: soon"), "schema-type"),
    "inputs-are-text": (HEAD + "inputs: none\n", "schema-type"),
    "sheet-is-text": (HEAD + "inputs: {fuel: coal}\n", "schema-type"),
    "text-for-a-number": (DIESEL.replace("10}", "ten}"), "not-a-number"),
    "negative": (DIESEL.replace("10}", "-10}"), "below-minimum"),
    "unknown-fuel": (DIESEL.replace("diesel", "dieselx"), "unknown-label"),
    "wrong-unit": (DIESEL.replace("10}", '"10 MWh"}'), "wrong-unit"),
    "outside-period": (DIESEL.replace("consumption", "month: 2024-12, consumption"), "outside-period"),
    "required-missing": (HEAD + "inputs: {electricity: [{supply: grid}]}\n", "missing-value"),
}


class TestNoTracebacks:
    @pytest.mark.parametrize("kind", BROKEN_CASES)
    def test_broken_case(self, kind: str) -> None:
        content, code = BROKEN_CASES[kind]
        self.refused(run("calc", write("case.yaml", content), "-o", "result.json"), code)
        assert not Path("result.json").exists()

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["calc", "nowhere.yaml"], "file-not-found"),
            (["calc", "folder"], "folder-without-case"),
            (["calc", "case.yaml", "-o", "case.yaml"], "output-is-input"),
            (["calc", "case.yaml", "-o", "nowhere/result.json"], "output-folder-missing"),
            (["calc", "case.yaml", "-o", "folder"], "output-is-folder"),
            (["calc", "case.yaml", "-o", "result.pdf"], "output-suffix"),
            (["calc", "case.yaml", "--as-of", "2025-02-30"], "date-unreadable"),
            (["calc", "case.yaml", "--edition", "1999"], "document-not-held"),
            (["calc", "case.yaml", "--allow-recalled", "fuels/nothing"], "not-found"),
            (["calc", "case.yaml", "--lock", "nowhere.json"], "file-not-found"),
            (["calc", "case.yaml", "--lock", "case.yaml"], "lock-unreadable"),
            (["calc", "case.yaml", "--lock", "empty.json"], "lock-incomplete"),
            (["calc", "case.yaml", "--lock", "lock.json", "--strict"], "--lock fixes"),
            (["calc", "case.yaml", "--lock", "lock.json", "--period", "2025"], "--lock fixes"),
            (["calc", "case.yaml", "--factors", "nowhere"], "does not exist"),
            (["calc", "case.yaml", "--lang", "fr"], "'fr'"),
            (["calc"], "Missing argument"),
            (["trace", "case.yaml", "--of", "fuel_combustio"], "line-unknown"),
            (["trace", "case.yaml"], "--of"),
            (["show", "gbt-32151.343"], "did you mean “gbt-32151.34”?"),
            (["template", "gbt-99999", "-o", "in.xlsx"], "not-found"),
            (["template", METHOD, "-o", "in.csv"], "output-suffix"),
            (["template", METHOD, "-o", "taken.xlsx"], "output-exists"),
            (["test", "folder"], "cases-missing"),
            (["lint", "nowhere"], "does not exist"),
            (["clac", "case.yaml"], "Did you mean 'calc'?"),
        ],
        ids=lambda value: "-".join(value) if isinstance(value, list) else "",
    )
    def test_broken_use(self, arguments: list[str], code: str) -> None:
        write("case.yaml", DIESEL)
        write("empty.json", "{}")
        write("lock.json", "{}")
        write("taken.xlsx", "somebody's work")
        Path("folder").mkdir()
        self.refused(run(*arguments), code)
        assert Path("case.yaml").read_text(encoding="utf-8") == DIESEL
        assert Path("taken.xlsx").read_text() == "somebody's work"

    def test_altered_lock(self) -> None:
        case = write("case.yaml", DIESEL)
        data = lock_of(case)
        lock = data["lock"]
        assert isinstance(lock, dict)
        name = next(name for name in lock["files"] if name.startswith("factors/fuels/"))
        lock["files"][name] = lock["files"][name].replace("42.652", "52.652")
        write("lock.json", json.dumps(data))
        self.refused(run("calc", case, "--lock", "lock.json"), "lock-altered")

    @pytest.mark.parametrize(
        "text", ["factors = 3\n", "factors = [1]\n", "factors = [\n", 'factors = ["gone"]\n', "other = 1\n"]
    )
    def test_broken_configuration(self, text: str) -> None:
        write("carbonstd.toml", text)
        self.refused(run("list"), "carbonstd.toml")

    def test_a_broken_table_of_the_user_names_file_and_line(self) -> None:
        own, case = own_grid_table("own", "a lot"), write("case.yaml", GRID)
        result = run("calc", case, "--factors", own)
        self.refused(result, "table-cell")
        assert "data-2023.yaml:" in result.stderr

    def test_an_unforeseen_error_is_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object, **__: object) -> None:
            raise ZeroDivisionError("what nobody foresaw\nsecond line")

        monkeypatch.setattr("carbonstd._case.case.read_case", broken)
        monkeypatch.setattr("carbonstd.read_case", broken, raising=False)
        result = run("calc", write("case.yaml", DIESEL))
        self.refused(result, "internal error ZeroDivisionError: what nobody foresaw")
        assert len(result.stderr.splitlines()) == 1
        monkeypatch.setenv("CARBONSTD_DEBUG", "1")
        assert isinstance(run("calc", "case.yaml").exception, ZeroDivisionError)

    def test_interrupt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("carbonstd.cli.listing.library", interrupted)
        assert run("list").exit_code == 130

    def refused(self, result: Result, said: str) -> None:
        assert result.exit_code == 2, result.output
        assert said in result.stderr
        assert "Traceback" not in result.output
        assert isinstance(result.exception, SystemExit)


class TestProcess:
    """What only a process of its own can show."""

    def process(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "carbonstd.cli", *arguments]
        return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment}, timeout=120)

    def test_exit_codes(self) -> None:
        write("good.yaml", DIESEL)
        write("checked.yaml", TWICE)
        assert [self.process("calc", name).returncode for name in ("good.yaml", "checked.yaml", "no.yaml")] == [0, 1, 2]

    @pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk", "utf-8"])
    def test_any_encoding_of_the_terminal(self, encoding: str) -> None:
        write("case.yaml", DIESEL)
        for arguments in (["calc", "case.yaml", "--lang", "zh"], ["calc", "case.yaml", "--json"]):
            done = self.process(*arguments, PYTHONIOENCODING=encoding)
            assert (done.returncode, done.stderr) == (0, b"")
        data = json.loads(done.stdout.decode("utf-8" if encoding in ("ascii", "cp1252") else encoding))
        assert data["case"]["entity"]["name"]["zh"] == "甲厂"

    def test_no_colour_in_a_pipe(self) -> None:
        write("case.yaml", TWICE)
        assert b"\x1b[" not in self.process("calc", "case.yaml").stdout

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGPIPE convention")
    def test_a_closed_pipe_is_quiet(self) -> None:
        command = [sys.executable, "-m", "carbonstd.cli", "show", METHOD, "--expanded", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(1)
            process.stdout.close()
            said = process.stderr.read()
        assert said == b""

    def test_help_needs_no_heavy_imports(self) -> None:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "carbonstd.cli", "--help"], capture_output=True, check=True
        )
        imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.decode().splitlines()}
        assert not imported & {"numpy", "pandas", "pint", "openpyxl", "xlsxwriter", "yaml", "defusedxml"}
        assert "click" in imported

    def test_version(self) -> None:
        import carbonstd

        assert self.process("--version").stdout.decode().strip() == f"carbonstd {carbonstd.__version__}"

    def test_the_installed_command(self) -> None:
        command = shutil.which("carbonstd", path=str(Path(sys.executable).parent))
        if command is None:
            pytest.skip("carbonstd is not installed as a command")
        done = subprocess.run([command, "list", "--json"], capture_output=True, check=True)
        assert METHOD in [item["id"] for item in json.loads(done.stdout)]


class TestLanguage:
    @pytest.mark.parametrize(
        ("environment", "expected"),
        [
            ({"CARBONSTD_LANG": "zh"}, "zh"),
            ({"CARBONSTD_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
            ({"LANG": "zh_CN.UTF-8"}, "zh"),
            ({"LC_ALL": "de_DE.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
            ({"LANG": "C"}, "en"),
        ],
    )
    def test_of_the_system(self, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("CARBONSTD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert cli_language.system_language() == expected

    @pytest.mark.parametrize(("lang", "said"), [("zh", "文件不存在"), ("en", "no such file")])
    def test_of_findings(self, lang: str, said: str) -> None:
        assert said in run("calc", "nowhere.yaml", "--lang", lang).stderr


class TestSeveralOutputs:
    def test_where_one_cannot_be_made_none_is_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "no space")

        monkeypatch.setattr("carbonstd._paper.word.write_word", full)
        case, old = write("case.yaml", DIESEL), write("result.json", "old")
        found = run("calc", case, "-o", old, "--report", "report.html", "--report", "report.docx")
        assert found.exit_code == 2
        assert sorted(path.name for path in Path().iterdir()) == ["case.yaml", "result.json"]
        assert old.read_text() == "old"

    def test_where_one_cannot_be_put_in_place_the_others_are_what_they_were(self) -> None:
        old = write("a.txt", "old")
        several = together()
        several.__enter__()
        for name in ("a.txt", "b.txt", "c.txt"):
            replace_text(Path(name), "new")
        Path("c.txt").mkdir()
        with pytest.raises(CaseError):
            several.__exit__(None, None, None)
        assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "c.txt"]
        assert old.read_text() == "old"

    def test_all_are_written(self) -> None:
        case, old = write("case.yaml", DIESEL), write("result.json", "old")
        assert run("calc", case, "-o", old, "--report", "report.html").exit_code == 0
        assert sorted(path.name for path in Path().iterdir()) == ["case.yaml", "report.html", "result.json"]
        assert "total" in old.read_text()
