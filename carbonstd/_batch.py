"""A batch: every entity of a source run by its methods, chunk by chunk, and the output put in place when whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonstd._batch_job import EACH, Job
from carbonstd._errors import CarbonstdError, CaseError
from carbonstd._findings import Finding, Language, finding

if TYPE_CHECKING:
    import pandas as pd

    from carbonstd._batch_outcome import Outcome
    from carbonstd._batch_parts import Parts
    from carbonstd._batch_run import Chunk
    from carbonstd._batch_spread import Executor
    from carbonstd._batch_sums import Kind
    from carbonstd._calculate import Options

ROWS = 200_000  # of a chunk
_SUFFIX = ".xlsx"
Progress = Callable[[int, int], None]  # entities done, entities in all


@dataclass(frozen=True)
class BatchResult:
    """What a batch came to: `states` counts entities by the worst of their methods, `rows` are those of the summary,
    `kinds` the most frequent findings, `findings` what is told of the batch itself."""

    out: Path
    states: dict[str, int]
    rows: list[dict[str, Any]]
    kinds: list[Kind]
    findings: list[Finding]

    @property
    def entities(self) -> int:
        return sum(self.states.values())

    @property
    def failed(self) -> bool:
        """Whether some entity was refused or failed (exit code 1)."""
        return self.states["done"] < self.entities

    @property
    def summary(self) -> pd.DataFrame:
        """The sums by method and total, in all and by group."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    @property
    def totals(self) -> pd.DataFrame:
        """The totals of every entity."""
        from carbonstd._batch_read import read_frame

        return read_frame(self.out, "totals")

    def as_dict(self, language: Language = "en") -> dict[str, Any]:
        """The shape of `--json`."""
        from carbonstd import __version__

        return {
            "schema": 1,
            "engine": __version__,
            "out": str(self.out),
            "entities": {"all": self.entities, **self.states},
            "summary": self.rows,
            "frequent": [
                {
                    "severity": kind.severity,
                    "code": kind.code,
                    "count": kind.count,
                    "entities": kind.entities,
                    "example": {name: kind.first[name] for name in ("entity", "method", "place")}
                    | {"message": kind.first[f"message_{language}"]},
                }
                for kind in self.kinds
            ],
            "findings": [item.as_dict(language) for item in self.findings],
        }


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
    was stopped goes on where it was, unless `fresh`. An entity that cannot be run is a row of `findings`.

    Raises CaseError, NotFoundError, with nothing written, where the source or the output cannot be used.
    """
    require_arrow()
    names = [method] if isinstance(method, str) else [*method]
    accepted = options.allow_recalled if options else ()
    job = Job(
        () if names == [EACH] else tuple(names),
        date.today(),
        as_of,
        str(period),
        edition,
        bool(options and options.strict),
        tuple(accepted),
        tuple(str(Path(path).resolve()) for path in factors),
        tuple(str(Path(path).resolve()) for path in methods),
    )
    return run_batch(
        Plan(Path(source), Path(out), tuple(by), rows, fresh, language), job, executor(jobs, dask), progress
    )


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
    from carbonstd import __version__
    from carbonstd._batch_parts import take_up
    from carbonstd._batch_source import open_source
    from carbonstd._batch_stand import stand

    _check_out(plan.out, plan.source)
    library = job.library()
    for name in job.methods:
        header = library.find(name, library.method_headers)
        if job.edition:
            library.find(f"{header.family}@{job.edition}", library.method_headers)
    source = open_source(plan.source)
    told = {
        "engine": __version__,
        "definitions": stand((*job.factors, *job.own_methods)),
        "input": source.fingerprint(),
        "chunk rows": plan.rows,
    }
    parts, job = take_up(plan.out, job, told, plan.fresh)
    try:
        chunks = source.chunks(plan.rows, parts.staging)
    except CarbonstdError:
        if not parts.numbers():
            parts.remove()  # nothing was begun
        raise
    _run(parts, job, chunks, submit, progress)
    result = _put_in_place(parts, plan, job.period)
    parts.remove()
    return result


def executor(jobs: int, dask: str = "") -> Executor:
    """How chunks are run: here, by processes of this machine, or by Dask."""
    if dask:
        from carbonstd._batch_dask import on_dask

        return on_dask(dask, jobs)
    if jobs > 1:
        from carbonstd._batch_pool import on_processes

        return on_processes(jobs)
    return _here


def _here(job: Job, chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Outcome]]:
    from carbonstd._batch_run import run_chunk

    return ((chunk, run_chunk(job, chunk)) for chunk in chunks)


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


def _put_in_place(parts: Parts, plan: Plan, period: str) -> BatchResult:
    from carbonstd._batch_doubts import Doubts
    from carbonstd._batch_folder import write_folder
    from carbonstd._batch_sums import Sums, Tally
    from carbonstd._batch_text import heading
    from carbonstd._batch_workbook import write_workbook

    sums, tally, doubts = Sums(plan.by), Tally(), Doubts(period)
    for number in parts.numbers():
        entities = parts.table(number, "entities")
        sums.add(entities, parts.table(number, "totals"))
        tally.add(parts.table(number, "findings"))
        doubts.add(entities)
    tally.add(parts.told(doubts.twice()))
    unknown = [label for label in plan.by if label not in sums.labels]
    held = ", ".join(sorted(sums.labels)) or "—"
    told = [finding("batch-label-unknown", "--by", name=name, labels=held) for name in unknown]
    summary = sums.table()
    told += doubts.findings(summary.to_pylist())
    states = {state: sums.states[state] for state in ("done", "failed", "refused")}
    result = BatchResult(plan.out, states, summary.to_pylist(), tally.frequent(5), told)
    if plan.out.suffix.lower() == _SUFFIX:
        said = [*heading(result, plan.language), *(item.message(plan.language) for item in told)]
        write_workbook(parts, summary, said, sorted(sums.labels), plan.out, plan.language)
    else:
        write_folder(parts, summary, plan.out)
    return result


def _check_out(out: Path, source: Path) -> None:
    """Refuse an output that cannot be written, or that would destroy or become part of the input. Raises CaseError."""
    from carbonstd._batch_folder import FILES

    workbook = out.suffix.lower() == _SUFFIX
    if source.exists() and (out.resolve() == source.resolve() or out.resolve().is_relative_to(source.resolve())):
        raise CaseError(findings=[finding("batch-output-inside", str(out), source=str(source))])
    if out.suffix and not workbook and not out.is_dir():
        raise CaseError(findings=[finding("output-suffix", str(out), suffix=out.suffix, expected="out/ / out.xlsx")])
    if not out.parent.is_dir():
        raise CaseError(findings=[finding("output-folder-missing", str(out.parent))])
    if out.is_dir() and workbook:
        raise CaseError(findings=[finding("output-is-folder", str(out))])
    if out.is_file() and not workbook:
        raise CaseError(findings=[finding("output-exists", str(out))])
    if out.is_dir() and (others := sorted({path.name for path in out.iterdir()} - set(FILES.values()))):
        raise CaseError(findings=[finding("batch-output-foreign", str(out), found=", ".join(others[:5]))])


def require_arrow() -> None:
    """Raises CaseError where the extra is not installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise CaseError(findings=[finding("batch-without-arrow")]) from None
