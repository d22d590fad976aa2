"""A batch: every entity of a source run by its methods, chunk by chunk, and the output put in place when whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._batch.job import EACH, Job
from carbonstd._batch.result import BatchResult
from carbonstd._definitions.schema import Bilingual
from carbonstd._errors import CarbonstdError, CaseError, NotFoundError
from carbonstd._findings import Finding, Language, finding

if TYPE_CHECKING:
    from carbonstd._batch.parts import Parts
    from carbonstd._batch.run import Chunk
    from carbonstd._batch.source_base import Source
    from carbonstd._batch.spread import Executor
    from carbonstd._engine.calculate import Options

ROWS = 200_000  # of a chunk
_SUFFIX = ".xlsx"
_FORMS: Bilingual = {
    "zh": "-o out.xlsx（一个工作簿）；或不带后缀的名称，如 -o out（存放 Parquet 文件的文件夹）",
    "en": "-o out.xlsx, one workbook; or a name without suffix such as -o out, a folder of Parquet files",
}
Progress = Callable[[int, int], None]  # entities done, entities in all


def batch(
    method: str | Iterable[str],
    source: str | Path,
    out: str | Path,
    *,
    period: str | int = "",
    as_of: date | None = None,
    edition: str = "",
    options: Options | None = None,
    factors: Iterable[str | Path] = (),
    methods: Iterable[str | Path] = (),
    by: Iterable[str] = (),
    rows: int = ROWS,
    jobs: int = 1,
    dask: str = "",
    fresh: bool = False,
    language: Language = "en",
    progress: Progress | None = None,
) -> BatchResult:
    """Run every entity of `source` by `method` (one, several, or "each") and write `out`, a folder or an .xlsx file.

    `period` and `as_of` hold for entities that name none, `by` are labels of entities to sum by, `rows` those of a
    chunk (an entity is never divided), `jobs` processes; `dask` is "local" or the address of a scheduler. A run that
    was stopped goes on where it was, unless `fresh`. An entity that cannot be run stops none: it is counted in
    `states`, its findings are in `kinds` and row by row in the table `findings` of `out`.

    Raises CaseError, NotFoundError, with nothing written, where the source or the output cannot be used.
    """
    from carbonstd._batch.source import require_arrow

    require_arrow()
    names = [method] if isinstance(method, str) else [*method]
    job = Job.asked(
        () if names == [EACH] else names,
        as_of=as_of,
        period=str(period),
        edition=edition,
        options=options,
        factors=factors,
        own_methods=methods,
    )
    plan = Plan(Path(source), Path(out), tuple(by), rows, fresh, language)
    return run_batch(plan, job, executor(jobs, dask), progress)


@dataclass(frozen=True)
class Plan:
    """Where a batch reads and writes, and how."""

    source: Path
    out: Path
    by: tuple[str, ...] = ()
    rows: int = ROWS
    fresh: bool = False
    language: Language = "en"


def run_batch(plan: Plan, job: Job, submit: Executor, progress: Progress | None = None) -> BatchResult:
    """Run what is not done yet, then put the output in place. Raises CaseError, NotFoundError."""
    from carbonstd._batch.parts import taken_up
    from carbonstd._batch.source import open_source

    _at_least_one("rows", plan.rows)
    _check_out(plan.out, plan.source)
    library = job.library()
    for name in job.methods:
        header = library.find(name, library.method_headers)
        if job.edition:
            library.find(f"{header.family}@{job.edition}", library.method_headers)
    if job.edition and not any(header.edition == job.edition for header in library.method_headers.values()):
        raise NotFoundError(findings=[finding("edition-unknown", "--edition", found=job.edition)])
    source = open_source(plan.source)
    _check_labels(plan.by, source)
    begun = _rests_on(job, source)
    with taken_up(plan.out, job, {**begun, "chunk rows": plan.rows}, plan.fresh) as (parts, job):
        try:
            chunks = source.chunks(plan.rows, parts.staging)
        except CarbonstdError:
            if not parts.numbers():
                parts.remove()  # nothing was begun
            raise
        _run(parts, job, chunks, submit, progress)
        if _rests_on(job, source) != begun:
            parts.remove()  # which of them are of the input as it was nobody can say
            raise CaseError(findings=[finding("batch-changed", str(plan.source))])
        return _cleared(parts, _put_in_place(parts, plan, source.told(), job.period))


def _check_labels(by: Sequence[str], source: Source) -> None:
    """Refuse a label that no entity can have before anything is run, where that is known. Raises CaseError."""
    from carbonstd._batch.source_cases import CaseFiles

    held = source.labels(by)
    unknown = [] if held is None else [label for label in by if label not in held]
    if held is not None and unknown:
        labels = ", ".join(sorted(held)) or "—"
        kind = "cases" if isinstance(source, CaseFiles) else ""
        told = [finding("batch-label-unlisted", "--by", name=name, labels=labels, kind=kind) for name in unknown]
        raise CaseError(findings=told)


def _rests_on(job: Job, source: Source) -> dict[str, Any]:
    """What must not change while a batch runs or waits to go on."""
    from carbonstd import __version__
    from carbonstd._batch.stand import input_mark, stand

    return {
        "engine": __version__,
        "definitions": stand(job.own),
        "input": input_mark(source.inputs(), source.root),
    }


def _cleared(parts: Parts, result: BatchResult) -> BatchResult:
    """Remove the parts of an output that is whole; not where a label was typed wrong, which only wants them summed."""
    if any(item.code == "batch-label-unknown" for item in result.findings):
        return result
    try:
        parts.remove()
    except CaseError:
        return replace(result, findings=[*result.findings, finding("batch-parts-left", str(parts.folder))])
    return result


def executor(jobs: int, dask: str = "") -> Executor:
    """How chunks are run: here, by processes of this machine, or by Dask. Raises CaseError."""
    _at_least_one("jobs", jobs)
    if dask:
        from carbonstd._batch.dask import on_dask

        return on_dask(dask, jobs)
    if jobs > 1:
        from carbonstd._batch.pool import on_processes

        return on_processes(jobs)
    from carbonstd._batch.spread import here

    return here


def _run(parts: Parts, job: Job, chunks: Sequence[Chunk], submit: Executor, progress: Progress | None) -> None:
    """Run the chunks that no part holds yet, each kept as soon as it is done."""
    held = set(parts.numbers())
    missing = [chunk for chunk in chunks if chunk.number not in held]
    every = sum(chunk.entities for chunk in chunks)
    done = every - sum(chunk.entities for chunk in missing)
    if progress:
        progress(done, every)
    for chunk, outcome in submit(job, missing) if missing else ():
        parts.write(chunk.number, outcome)
        done += chunk.entities
        if progress:
            progress(done, every)


def _put_in_place(parts: Parts, plan: Plan, told: list[Finding], period: str) -> BatchResult:
    import pyarrow.compute as pc

    from carbonstd._batch.doubts import Doubts, told_of_all
    from carbonstd._batch.folder import write_folder
    from carbonstd._batch.sums import Sums, Tally, indirect_in
    from carbonstd._batch.text import heading
    from carbonstd._batch.workbook import write_workbook
    from carbonstd._output import synced

    sums, tally, doubts, indirect = Sums(plan.by), Tally(), Doubts(period), dict[str, None]()
    for number in parts.numbers():
        entities = parts.table(number, "entities")
        sums.add(entities, parts.table(number, "totals"))
        indirect |= dict.fromkeys(indirect_in(parts.table(number, "lines")))
        tally.add(parts.table(number, "findings"))
        doubts.add(entities)
    unknown = [label for label in plan.by if label not in sums.labels]
    held = ", ".join(sorted(sums.labels)) or {
        "zh": "这些企业均未填分组项",
        "en": "labels, of which these entities carry none",
    }
    told = told + [finding("batch-label-unknown", "--by", name=name, labels=held) for name in unknown]
    summary = sums.table()
    rows = summary.to_pylist()
    told += doubts.findings(rows)
    of_all = parts.told(told_of_all(told))
    tally.add(of_all.filter(pc.not_equal(of_all["entity"], "")))
    states = {state: sums.states[state] for state in ("done", "failed", "refused", "partly")}
    result = BatchResult(plan.out, states, rows, tally.frequent(5), told, tuple(indirect))
    if plan.out.suffix.lower() == _SUFFIX:
        said = [*heading(result, plan.language), *(item.message(plan.language) for item in told)]
        write_workbook(parts, summary, said, sorted(sums.labels), plan.out, plan.language)
    else:
        write_folder(parts, summary, plan.out)
    synced(plan.out)
    synced(plan.out.absolute().parent, within=False)
    return result


def _check_out(out: Path, source: Path) -> None:
    """Refuse an output that cannot be written, or that would destroy or become part of the input. Raises CaseError."""
    from carbonstd._batch.folder import FILES

    workbook = out.suffix.lower() == _SUFFIX
    if source.exists() and out.resolve().is_relative_to(source.resolve()):
        raise CaseError(findings=[finding("batch-output-inside", str(out), source=str(source))])
    if out.suffix and not workbook and not out.is_dir():
        raise CaseError(findings=[finding("output-suffix", str(out), suffix=out.suffix, expected=_FORMS)])
    if not out.parent.is_dir():
        raise CaseError(findings=[finding("output-folder-missing", str(out.parent))])
    if out.is_dir() and workbook:
        raise CaseError(findings=[finding("output-is-folder", str(out))])
    if out.is_file() and not workbook:
        raise CaseError(findings=[finding("output-exists", str(out))])
    if out.is_dir() and (others := sorted({path.name for path in out.iterdir()} - set(FILES.values()))):
        raise CaseError(findings=[finding("batch-output-foreign", str(out), found=", ".join(others[:5]))])


def _at_least_one(name: str, count: int) -> None:
    if count < 1:
        raise CaseError(findings=[finding("batch-count", name, found=count)])
