"""An audit for people, at a terminal, and as JSON for programs (docs/json.md)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autograder.audit.measure import Margin, Ratio
from autograder.audit.report import Report, Survivor
from autograder.records.codec import encode

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["report_json", "report_text", "summary_text"]

WIDTH = 14  # of the first column
COLUMNS = 79  # at which prose is wrapped
SHOWN = 20  # complaints of one audit; there are more only where something is thoroughly wrong


def report_json(reports: Sequence[Report]) -> dict[str, Any]:
    """Return the audits as plain JSON data."""
    audits = [
        {"passed": not each.missed, **encode(each), "mutants": {**encode(each.mutants), "score": each.mutants.share}}
        for each in reports
    ]
    return {"passed": all(not each.missed for each in reports), "audits": audits}


def report_text(report: Report, *, all_margins: bool = False) -> Text:
    """Return one audit as text: a line for each goal, then the survivors, then what was missed."""
    from rich.text import Text

    text = Text()
    text.append(f"{report.assignment}  ", "bold")
    text.append("passed\n" if not report.missed else "failed\n", "green" if not report.missed else "bold red")
    for name, told in _facts(report):
        text.append(f"  {name:<{WIDTH}}", "dim").append(f"{told}\n")
    if all_margins:
        text.append("\nMargins, as measured/limit: right ways at most, wrong ways at least\n", "bold")
        for margin in report.margins:
            text.append(f"  {_number(margin.accepted):>8}  {_number(margin.refused):>8}  {_short(margin.check)}\n")
    for title, survivors in (
        ("Survivors", [each for each in report.survivors if each.reason is None]),
        ("Equivalent", [each for each in report.survivors if each.reason is not None]),
    ):
        text.append(f"\n{title}\n" if survivors else "", "bold")
        for survivor in survivors:
            _append_survivor(text, survivor)
    if report.missed:
        text.append("\nMissed\n", "bold red")
        _append_missed(text, report)
    return text


def summary_text(reports: Sequence[Report]) -> Text:
    """Return what several audits come to. It ends a long output, of which logs often keep the end alone."""
    from rich.text import Text

    failed = [report for report in reports if report.missed]
    if not failed:
        return Text(f"All {len(reports)} passed\n", "green")
    text = Text().append(f"{len(failed)} of {len(reports)} failed\n", "bold red")
    for report in failed:
        text.append(f"\n{report.assignment}\n", "bold")
        _append_missed(text, report)
    return text


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    for name in ("accepted", "refused", "named"):
        count = getattr(report, name)
        if count.of:
            yield name, f"{count.count} of {count.of}"
    score = report.mutants
    if score.graded:
        sampled = score.graded + score.equivalent < score.made
        rest = f"a sample of {score.made}" if sampled else f"{score.equivalent} equivalent besides"
        yield "mutants", f"{score.killed} of {score.graded} killed, {_percent(score.share)} ({rest})"
    if report.seeds > 1:
        yield (
            "repeatability",
            f"{len(report.changes)} verdict changes over {report.seeds} seeds, {report.gradings} gradings",
        )
    yield from _nearest(report.margins)
    for gap in report.gaps:
        ends = f"accepted up to {_number(gap.accepted)}, refused from {_number(gap.refused)}"
        yield "speed", f"{ends}" + (f", {gap.ratio:.3g} times that" if gap.ratio else "")
        yield "", _short(gap.check)
        if gap.accepted and gap.refused:
            yield "", f"{gap.accepted.variant}, {gap.refused.variant}"
    for each in report.left_out:
        yield "left out", f"part {each.part}: its checks are skipped on this machine"
        yield "", f"({each.misconceptions} misconceptions, {each.mutants} mutants)"
    yield "took", f"{int(report.seconds // 60)} min {report.seconds % 60:02.0f} s, tier {report.tier}"


def _nearest(margins: Sequence[Margin]) -> Iterator[tuple[str, str]]:
    """Tell the check that is nearest to refusing a right way, and that nearest to accepting a wrong one."""
    near = max((m for m in margins if m.accepted), key=lambda m: m.accepted.value if m.accepted else 0, default=None)
    far = min((m for m in margins if m.refused), key=lambda m: m.refused.value if m.refused else 0, default=None)
    if near is not None and near.accepted is not None:
        yield "largest right", f"{_number(near.accepted)} of the limit ({near.accepted.variant})"
        yield "", _short(near.check)
    if far is not None and far.refused is not None:
        yield "least wrong", f"{_number(far.refused)} times the limit ({far.refused.variant})"
        yield "", _short(far.check)


def _append_survivor(text: Text, survivor: Survivor) -> None:
    text.append(f"  line {survivor.line}, {survivor.cell or 'outside of a graded cell'}, {survivor.operator}\n", "dim")
    for line in survivor.before:
        text.append(f"    - {line}\n", "red")
    for line in survivor.after:
        text.append(f"    + {line}\n", "green")
    if survivor.reason is not None:
        text.append(f"{_wrapped(survivor.reason, '    ', '    ')}\n")


def _append_missed(text: Text, report: Report) -> None:
    for said in report.missed[:SHOWN]:
        text.append(f"{_wrapped(said, '  ', '    ')}\n")
    if len(report.missed) > SHOWN:
        text.append(f"  ... and {len(report.missed) - SHOWN} more\n")


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, COLUMNS, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def _number(ratio: Ratio | None) -> str:
    return "-" if ratio is None else f"{ratio.value:.2g}" if ratio.value < 10 else f"{ratio.value:.3g}"


def _percent(share: float) -> str:
    return "100 %" if share == 1 else f"{min(share, 0.999):.1%}".replace("%", " %")


def _short(check: str) -> str:
    """Return a check's name without its file and class."""
    return check.rpartition("::")[2]
