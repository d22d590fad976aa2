"""Rules for the whole test session."""

import os

import pytest
from hypothesis import settings

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


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
