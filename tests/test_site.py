"""The documentation site: a part of it is built strictly, every link leads somewhere, and what it shows runs.

`python make.py docs --strict` builds all of it.
"""

import doctest
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

import carbonstd
from carbonstd._definitions.library import Library
from carbonstd._findings import catalogue
from carbonstd._language.expression import parse
from site_pages.hooks import planned
from site_pages.layout import Site
from site_pages.mathml import equation
from tests.command_line import run

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# One of each kind of page, with equations over sheets and models, limits by level, cells that stand for all levels.
ONLY = [
    "methods/gbt-32151.34/*",
    "methods/mee-power/2022-12.md",
    "methods/gb-21342/*",
    "methods/gbt-24067/*",
    "methods/kaya-lmdi/*",
    "tables/fuels/gbt-32151.34/*",
    "tables/limits/gb-21342/*",
    "tables/equipment/gb-21454-cooling/2021.md",
    "vocabularies/gases.md",
    "*/by-*.md",
    "*/index.md",
    "standards.md",
    "findings.md",
]
CONFIG = f"""\
INHERIT: {ROOT / "mkdocs.yml"}
docs_dir: {DOCS}
site_dir: site
hooks: [{ROOT / "site_pages" / "hooks.py"}]
extra: {{only: {ONLY}, run_notebooks: false}}
plugins: [search]
"""


class Page(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors.add(found.get("id") or "")
        if tag == "a" and found.get("href"):
            self.links.add(str(found["href"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-f", str(folder / "mkdocs.yml")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)}
    built = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


def test_every_link_leads_to_a_page_that_is_written_or_planned(site: Path) -> None:
    to_come = {path.removesuffix(".md") + ".html" for path, _ in planned(Site(Library()))}
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html") if path.name != "404.html"}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            address, anchor = urldefrag(unquote(link))
            target = (path.parent / address).resolve() if address else path
            if re.match(r"[a-z]+:", link) or (target not in pages and os.path.relpath(target, site) in to_come):
                continue
            held = target in pages and anchor in pages[target].anchors
            if not held and not (target.exists() and not anchor):
                broken.append(f"{path.name}: {link}")
    assert not broken
    assert len(pages) > 50


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    loaded = re.compile(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="?(https?://[^" >]*)')
    assert not [found for path in site.rglob("*.html") for found in loaded.findall(path.read_text(encoding="utf-8"))]


@pytest.mark.skipif(not shutil.which("node"), reason="runs the script of the site")
def test_a_chinese_query_is_cut_into_words_that_a_page_must_hold(site: Path) -> None:
    asked = {
        "焦炭限额": "+*焦\\炭* +*限\\额*",
        "GB 21342焦炭": "+g\\b* +2\\1\\3\\4\\2* +*焦\\炭*",
        "量子纠缠": "量\\子\\纠\\缠",  # no page holds such words, and none is found by its signs
        "+焦炭 -限额": "+焦炭 -限额",
        "coke limits": "coke limits",
    }
    script = f"""
        const fs = require("fs");
        Worker = class {{ postMessage(message) {{ this.posted = message.data; }} }};
        document = {{ querySelector: () => ({{ classList: {{ toggle() {{}} }} }}) }};
        (0, eval)(fs.readFileSync({json.dumps(str(DOCS / "assets/search.js"))}, "utf8"));
        const worker = new Worker();
        const told = (type, data) => (worker.postMessage({{ type, data }}), worker.posted);
        told(0, JSON.parse(fs.readFileSync({json.dumps(str(site / "search/search_index.json"))}, "utf8")));
        console.log(JSON.stringify({json.dumps(list(asked))}.map((query) => told(2, query))));
    """
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert dict(zip(asked, json.loads(done.stdout), strict=True)) == asked


def test_the_newest_edition_is_found_first(site: Path) -> None:
    found = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    boosts = {entry["location"]: entry["boost"] for entry in found if entry["location"].startswith("methods/gb-21342/")}
    newest = max(path.stem for path in (site / "methods/gb-21342").iterdir())
    assert {Path(place.split("#")[0]).stem for place, boost in boosts.items() if boost == 1} == {newest}
    assert len(set(boosts.values())) == 2


def test_every_column_has_a_heading(site: Path) -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    assert not [name for name, text in pages.items() if re.search(r"<th[^>]*></th>", text)]


def test_a_method_page_says_what_the_document_says(site: Path) -> None:
    text = (site / "methods/gbt-32151.34/2024.html").read_text(encoding="utf-8")
    assert '<div class="equation" role="math" aria-label="EDi = CAL × I × EF1 × TR"' in text
    assert "CAL * I * EF1 * TR" in text  # as printed
    assert "10.6535 tCO2" in text  # of the case of equation (6)
    rebuilt = re.search(r'(?s)<div id="eq-[^"]*" class="equation-block derived">.*?</details>', text)
    assert rebuilt
    assert "按文件符号重写，未见原文" in rebuilt[0]
    assert ">原文 " not in rebuilt[0]
    table = (site / "tables/equipment/gb-21454-cooling/2021.html").read_text(encoding="utf-8")
    assert re.search(r"5\.5 <abbr title=\"转引 secondary\"", table)


def test_the_page_of_findings_tells_every_code(site: Path) -> None:
    text = (site / "findings.html").read_text(encoding="utf-8")
    assert set(re.findall(r'<code id="([^"]+)"', text)) == set(catalogue())
    assert not re.search(r"\{\w+\}", text.split("<tbody>", 1)[1].split("</tbody>", 1)[0])


def test_symbols_of_forms_and_columns_of_tables_are_explained(site: Path) -> None:
    text = (site / "methods/gb-21342/2025.html").read_text(encoding="utf-8")
    for name, told in (
        ("fuel_correction", "混合煤气加热时间占比"),
        ("fuel_correction", "限额增加值"),
        ("energy_limit", "class"),
        ("quenching_correction", "等级 Level"),
    ):
        found = re.search(rf'(?s)<div id="eq-{name}".*?<p class="where">(.*?)</p>', text)
        assert found
        assert told in found[1]


def test_calls_of_a_model_that_differ_in_a_word_are_rows_of_one_block(site: Path) -> None:
    """Effects and indices of four factors and the change, chained; of four factors between two years."""
    text = (site / "methods/kaya-lmdi/2005.html").read_text(encoding="utf-8")
    blocks = re.findall(r'(?s)<div class="equation-block secondary">.*?</table>', text)
    assert [len(re.findall(r'<span id="eq-', block)) for block in blocks] == [5, 5, 4, 4]
    assert "L(C_T, C_0) · ln(x_T / x_0)" in blocks[0]
    assert "population_between" in blocks[2]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("{a} + {b} - ({c} - {d})", ["x={a}", "+{b}", "−({c}", "−{d})"]),
        ("{a} * {b} / {c}", ["x={a}", "×{b}", "/{c}"]),
        ("sum({a} * {b}, by=line)", ["x=(∑{a}", "×{b})line"]),
        ("first({a}, {b})", ["x=依次取 first({a},", "{b})"]),
        ("{a} if {b} > {c} else 0", ["x=", "{a}，", "{b}", ">{c}", "0，", "其他 otherwise"]),
    ],
)
def test_a_long_equation_is_broken_before_its_signs(text: str, parts: list[str]) -> None:
    names = {letter: letter * 70 for letter in "abcd"}
    made = str(equation("x", parse(text.format(**names)), lambda name: name))
    lines = re.sub("<[^>]*>", "", made.replace("</math>", "\n")).strip("\n").split("\n")
    assert [line.replace("&gt;", ">") for line in lines] == [part.format(**names) for part in parts]


def test_a_name_without_a_symbol_stands_over_what_it_is_called() -> None:
    made = equation("x", parse("a * b"), {"a": "AD", "b": "b"}.__getitem__, lambda node: "因子")
    assert "<mi>AD</mi>" in made
    assert '<munder><mtext>b</mtext><mtext class="called">因子</mtext></munder>' in made


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a / (b + 1)", "<mfrac><mrow>a</mrow><mrow><mrow>b<mo>+</mo><mn>1</mn></mrow></mrow></mfrac>"),
        ("(a + b) * 44/12", "<mrow>([a<mo>+</mo>b])<mo>×</mo><mfrac><mn>44</mn><mn>12</mn></mfrac></mrow>"),
        ("a - (b - c)", "<mrow>a<mo>−</mo>([b<mo>−</mo>c])</mrow>"),
        ("sum(a, where=b > 1)", "<mrow><munder><mo>∑</mo><mrow>[b<mo>&gt;</mo><mn>1</mn>]</mrow></munder>a</mrow>"),
    ],
)
def test_equations_are_drawn_with_the_brackets_they_need(text: str, drawn: str) -> None:
    made = str(equation("x", parse(text), lambda name: name))
    bare = re.sub(r"<mtext>(\w+)</mtext>", r"\1", made)
    bare = bare.replace('<mrow><mo fence="true">(</mo>', "(").replace('<mo fence="true">)</mo></mrow>', ")")
    right = bare.split("<mo>=</mo></mrow>", 1)[1].removesuffix("</mrow></math></div>")
    assert right == drawn.replace("[", "<mrow>").replace("]", "</mrow>")


def test_the_example_of_a_method_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of docs/methods.md, by the commands it names."""
    monkeypatch.chdir(tmp_path)
    files = re.findall(r'```yaml title="([^"]+)"\n(.*?)```', (DOCS / "methods.md").read_text(encoding="utf-8"), re.S)
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert len(files) == 3
    assert run("lint", "mine").exit_code == 0
    assert run("test", "mine/methods/enterprises/q-hse-12/cases", "--methods", "mine").exit_code == 0
    assert "EGi = W × w" in run("show", "q-hse-12", "--methods", "mine", "--expanded").stdout


def test_the_notebook_tutorial_runs() -> None:
    text = (DOCS / "tutorials/analyst.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.S):
        exec(block, names)


def test_the_api_page_names_everything_public() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    named = [name.strip() for found in re.findall(r"members: \[(.*)\]", text) for name in found.split(",")]
    assert sorted(named) == sorted(carbonstd.__all__)


def test_examples_in_docstrings_are_true() -> None:
    tried = 0
    for path in sorted((ROOT / "carbonstd").rglob("*.py")):
        if ">>>" in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            outcome = doctest.testmod(importlib.import_module(name))
            assert not outcome.failed, name
            tried += outcome.attempted
    assert tried


def test_a_table_whose_rows_differ_by_level_is_shown() -> None:
    shown = run("show", "equipment/gb-21454-cooling@2021").stdout
    assert re.search(r">14000 ≤28000 +5\.1 +4\.7 +4\.4 ", shown)  # one level of each; the others do not apply
