"""What the command line says: in one language at a time, complete, lined up, and close when it guesses."""

import gettext
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from click.testing import CliRunner

import carbonstd
from carbonstd._layout import width, wrapped
from carbonstd.cli.app import app
from carbonstd.cli.progress import Progress
from tests import catalogue
from tests.command_line import run, start_in

CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start_in(tmp_path, monkeypatch)


def translations(catalog: Catalog) -> dict[Any, str]:
    read = gettext.GNUTranslations(io.BytesIO(catalogue.compiled(catalog)))
    return {key: text for key, text in vars(read)["_catalog"].items() if key}


class TestCatalogue:
    """cli/locale is brought up to date by `python -m tests.catalogue`."""

    held = catalogue.held()

    def test_it_names_every_message_and_no_other(self) -> None:
        said = {message.id for message in catalogue.messages()}
        kept = {message.id for message in self.held}
        of_click = {message.id for message in self.held if catalogue.OF_CLICK in message.auto_comments}
        assert said - kept == set()
        assert kept - said - of_click == set()  # other versions of click say other things

    def test_nothing_is_untranslated_or_doubtful(self) -> None:
        texts = {message.id: message.string for message in self.held if message.id}
        assert not [key for key, text in texts.items() if not (text if isinstance(text, str) else all(text or ()))]
        assert not [message.id for message in self.held if message.fuzzy and message.id]

    def test_placeholders_agree(self) -> None:
        for message in self.held:
            ids, texts = (item if isinstance(item, tuple | list) else [item] for item in (message.id, message.string))
            filled = [set(re.findall(r"\{[^}]*\}|%\(\w+\)s", text)) for text in (ids[-1], *texts)]
            assert all(found == filled[0] for found in filled) or not message.id, message.id

    def test_what_is_compiled_is_what_is_written(self) -> None:
        with catalogue.MO.open("rb") as file:
            compiled = vars(gettext.GNUTranslations(file))["_catalog"]
        assert {key: text for key, text in compiled.items() if key} == translations(self.held)


class TestHelp:
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_every_command_explains_itself_in_one_language(self, lang: str) -> None:
        for words, _command in catalogue.commands():
            text = run(*words, "--help", "--lang", lang).stdout
            assert bool(CHINESE.search(text)) == (lang == "zh"), words
            assert [line for line in text.splitlines() if width(line) > 80] == [], words

    def test_columns_line_up_where_characters_are_wide(self) -> None:
        lines = run("--lang", "zh", "calc", "--help").stdout.split("选项：\n")[1].splitlines()
        begun = [re.match(r"(  -\S.*?  +)\S", line) for line in lines]
        assert len({width(found[1]) for found in begun if found}) == 1
        english = run("--lang", "en", "calc", "--help").stdout.split("Options:\n")[1].splitlines()
        assert sum(map(bool, begun)) == sum(line.startswith("  -") for line in english)

    @pytest.mark.parametrize(
        "words",
        [("--lang", "zh", "calc", "--help"), ("calc", "--help", "--lang=zh"), ("check", "--lang", "zh", "--help")],
    )
    def test_the_language_may_stand_anywhere(self, words: tuple[str, ...]) -> None:
        assert "显示本帮助并退出。" in run(*words).stdout

    def test_the_language_of_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CARBONSTD_LANG", "zh")
        monkeypatch.setenv("LANGUAGE", "fr")
        assert "选项：" in run("--help").stdout
        assert "Options:" in run("--help", "--lang", "en").stdout
        assert (gettext.textdomain(), os.environ["LANGUAGE"]) == ("messages", "fr")  # as they were before

    def test_no_line_begins_with_what_ends_a_clause(self) -> None:
        assert wrapped("按标准核算，得到结果。", 10) == ["按标准核", "算，得到结", "果。"]


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("calz",), "没有命令 'calz'。是否指：'calc'？", "No such command 'calz'. Did you mean 'calc'?"),
        (("check", "limitz"), "是否指：'limits'？", "Did you mean 'limits'?"),
        (("calc", "x", "--report-"), "没有选项 '--report-'。是否指：'--report'", "Did you mean '--report'?"),
        (("show", "vocabulary/fuel"), "是否指“fuels”？", "did you mean “fuels”?"),
        (
            ("factor", "fuel", "bituminus coal", "--year", "2025"),
            "是否指“烟煤 (bituminous_coal)”？",
            "mean “bituminous coal (",
        ),
        (("list", "methodz"), "是否指：'methods'？", "Did you mean 'methods'?"),
        (("calc",), "缺少参数 '算例'。\n", "Missing argument 'CASE'"),
        (("check", "limits"), "缺少参数 '输入'", "Missing argument 'INPUT'"),
        (("trace", "x"), "缺少选项 '--of'。\n", "Missing option '--of'"),
        (("calc", "x", "--seed", "-1"), "-1 不在范围 x>=0 内", "-1 is not in the range x>=0"),
        (("calc", "x", "--report", "a", "--report", "b"), "只能写一个文件", "takes one file, not a, b"),
        (("verify", "x", "--change", "x"), "x：应为百分数", "x: a share such as 5% is wanted"),
    ],
)
def test_a_wrong_command_line_is_told_in_the_language(words: tuple[str, ...], zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        result = run("--lang", lang, *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert bool(CHINESE.search(result.stderr)) == (lang == "zh")


class TestCompletion:
    @staticmethod
    def completed(*words: str) -> list[str]:
        asked = {"_CARBONSTD_COMPLETE": "bash_complete", "COMP_CWORD": str(len(words))}
        asked["COMP_WORDS"] = " ".join(["carbonstd", *words])
        told = CliRunner().invoke(app, [], env=asked, prog_name="carbonstd").stdout
        return [line.partition(",")[2] for line in told.split()]

    def test_ids_are_those_of_the_library(self) -> None:
        library = carbonstd.library()
        assert self.completed("calc", "x", "--method", "") == sorted({*library.method_headers})
        assert self.completed("export", "") == sorted({*library.table_headers})

    def test_editions_are_those_of_what_was_named(self) -> None:
        assert self.completed("diff", "mee-power", "2022") == ["2022-03", "2022-12"]

    def test_own_folders(self) -> None:
        Path("own/works/rules").mkdir(parents=True)
        Path("own/works/rules/2025.yaml").write_text("")
        Path("carbonstd.toml").write_text('methods = ["own"]\n')
        assert self.completed("template", "rul") == ["rules@2025"]

    def test_a_keystroke_loads_nothing_heavy(self) -> None:
        """0.1 s of processor time; numpy alone would double it."""
        code = (
            "import atexit, sys; heavy = {'numpy', 'pint', 'pandas', 'yaml'};"
            "atexit.register(lambda: print(sorted(heavy & {*sys.modules})));"
            "from carbonstd.cli.__main__ import main; main()"
        )
        asked = {"_CARBONSTD_COMPLETE": "bash_complete", "COMP_WORDS": "carbonstd show mee-power", "COMP_CWORD": "2"}
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=False
        )
        assert done.stdout.splitlines()[-1] == "[]"
        assert "plain,mee-power@2022-12" in done.stdout

    @pytest.mark.parametrize(
        ("shell", "ours"), [("bash", "COMP_WORDBREAKS"), ("zsh", "&& compinit"), ("fish", 'string split -m 1 ","')]
    )
    def test_scripts(self, shell: str, ours: str) -> None:
        """What is ours was tried in bash 5.2, zsh 5.9 without compinit, and fish 3.6, with help that holds commas."""
        script = run("completion", shell).stdout
        assert f"_CARBONSTD_COMPLETE={shell}_complete" in script
        assert ours in script
        assert script.startswith("#compdef carbonstd\n") == (shell == "zsh")


class TestColour:
    @pytest.mark.parametrize(
        ("name", "coloured"), [("NO_COLOR", False), ("FORCE_COLOR", True), ("CARBONSTD_LANG", False)]
    )
    def test_only_where_it_is_wanted(self, name: str, coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        for other in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(other, raising=False)
        monkeypatch.setenv(name, "1" if "COLOR" in name else "en")
        result = run("show", "nothing-of-this-name")
        assert ("\x1b[31m" in result.stderr) == coloured
        assert ("\x1b[1m" in run("--help").stdout) == coloured


class TestProgress:
    class Stream(io.StringIO):
        terminal = True

        def isatty(self) -> bool:
            return self.terminal

    @pytest.mark.parametrize(("terminal", "wanted"), [(True, True), (False, True), (True, False)])
    def test_on_a_terminal_only(self, terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        stream, clock = self.Stream(), iter(range(0, 100, 5))
        stream.terminal = terminal
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
        with Progress(wanted) as progress:
            progress(0, 4)
            progress(1, 4)
        text = stream.getvalue()
        assert bool(text) == (terminal and wanted)
        if text:  # ten seconds for one of four, so thirty for the other three; then the line is wiped
            assert "\r1 / 4 · about 30 s left" in text
            assert not text.rpartition("\r")[0].rpartition("\r")[2].strip()
