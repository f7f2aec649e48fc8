"""Any criterion that comes down to one number: what was measured against what is allowed."""

from __future__ import annotations

import math

from autograder.judge.failure import CheckFailure
from autograder.judge.margin import record_margin
from autograder.judge.wording import apart
from autograder.text import Bilingual, Message

__all__ = ["assert_within"]


def assert_within(
    measured: float,
    limit: float,
    *,
    name: str,
    what: Bilingual,
    likely: Bilingual | None = None,
    symptom: str | None = None,
) -> float:
    """Check that `measured` is at most `limit`.

    Parameters
    ----------
    measured : float
        Computed by the judge; NaN fails.
    limit : float, > 0 and finite
    name : str
        The student's function or answer.
    what : Bilingual
        What was measured, as the message says it: "irls: distance from the optimum, in standard errors: 3.2, allowed
        1e-06".
    likely : Bilingual, optional
        What mistake gives such a number; the last line of the message.
    symptom : str, optional
        See `CheckFailure`.

    Returns
    -------
    float
        measured / limit, <= 1.

    Raises
    ------
    CheckFailure
    ValueError
        If `limit` makes no sense: the author's mistake.
    """
    if not 0 < limit < math.inf:
        raise ValueError(f"{name}: limit={limit!r} must be positive and finite")
    ratio = record_margin(float(measured) / float(limit))
    if not ratio <= 1:
        came, allowed = apart(float(measured), float(limit))
        values = {"name": name, "en": what.en, "zh": what.zh, "measured": came, "limit": allowed}
        lines = () if likely is None else (Message("table.likely", {"en": likely.en, "zh": likely.zh}),)
        raise CheckFailure(Message("within.exceeds", values, lines), symptom=symptom)
    return ratio
