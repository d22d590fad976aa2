"""What a name outside a vocabulary was likely meant to be, where it is a code."""

import pytest

from carbonstd._definitions.vocabulary import Term, Vocabulary

CODES = ("72083900", "72085390", "72109030", "72189919", "YE")
KNOWN = Vocabulary("codes", {code: Term(code, code, code) for code in CODES}, {code.lower(): code for code in CODES})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("720839", "72083900"), ("7208390000", "72083900"), ("72109999", "72109030"), ("99999999", ""), ("DE", "")],
)
def test_a_code_is_like_what_begins_alike(typed: str, meant: str) -> None:
    assert KNOWN.suggest(typed).get("zh", "") == (f"{meant} ({meant})" if meant else "")
