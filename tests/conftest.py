"""Rules for the whole test session."""

import os

import pytest
from hypothesis import settings

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")

# A worker takes whole files, one after the other: the slow ones first, so that none of them is left for the end.
SLOW = ("cases", "oracle", "mutation", "result_workbook", "lint", "derivatives")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    first = {f"test_{name}.py": place for place, name in enumerate(SLOW)}
    items.sort(key=lambda item: first.get(item.path.name, len(first)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skipped test, or a file skipped as a whole, fails the session."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # None in xdist's workers
    if os.environ.get("CI") != "true" or reporter is None:
        return
    skipped = len(reporter.stats.get("skipped", ()))
    if skipped and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        reporter.write_line("")
        reporter.write_line(f"{skipped} skipped, and CI allows none: the session fails", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
