"""One student's feedback as HTML, for a notebook's output, a page, or another grader's feedback."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Collection, Iterator
from dataclasses import replace
from html import escape
from importlib import resources
from itertools import groupby

from autograder.course.manifest import Assignment
from autograder.records import Result, Status
from autograder.report.layout import WIDE, clean
from autograder.report.story import Entry, Note, Section, Story, tell
from autograder.report.words import COLOURS, MARKS, number, say, status_word
from autograder.text import Lang, Message, render

__all__ = ["feedback_html", "story_html"]

WIDTH = 76  # columns of what is set in a fixed width, such as the rows of a numeric message
FOLDED = (Status.PASSED, Status.BLOCKED)  # several of these are one line, to be opened
LANGUAGES = {"en": "en", "zh": "zh-CN"}
KNOWN = ("mistake", "cure")

CODE = re.compile(r"`([^`\n]+)`")
WIDE_RUN = re.compile(f"[{WIDE}]+")


def feedback_html(
    result: Result,
    assignment: Assignment,
    lang: Lang,
    *,
    parts: Collection[str] | None = None,
    instructor: bool = False,
) -> str:
    """Return all that is said about one submission, or about `parts` of it, as one self-contained HTML fragment.

    It has its own style and neither script nor id nor anything from elsewhere, so that a page may hold many of them.
    With `instructor` false, nothing of a hidden check but title, hint, diagnosis and the student's message is in it,
    and no name: whoever sees it knows whose it is, or is not to know.
    """
    return story_html(tell(result, assignment, lang, parts=parts, instructor=instructor))


def story_html(story: Story) -> str:
    """Return a story as HTML; see `feedback_html`."""
    pieces = [*_heading(story), *_problems(story)]
    for section in story.sections:
        pieces += ['<div class="ag-part">', *_section(section, story), "</div>"]
    pieces += _footer(story)
    # Formulas stay as they were written, as on a terminal: a page's MathJax would also typeset what students print.
    classes = "autograder tex2jax_ignore mathjax_ignore"
    return f'<div class="{classes}" lang="{LANGUAGES[story.lang]}"><style>{_style()}</style>{"".join(pieces)}</div>\n'


@functools.cache
def _style() -> str:
    css = resources.files(__package__).joinpath("feedback.css").read_text(encoding="utf-8")
    return " ".join(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).split())


def _text(text: str) -> str:
    """Return prose as HTML: harmless, and what stands in backticks as code."""
    return CODE.sub(r"<code>\1</code>", escape(clean(text)))


def _columns(text: str) -> str:
    """Return what is aligned by columns as HTML: a Chinese character takes two, as on a terminal."""
    return WIDE_RUN.sub(r'<span class="ag-wide">\g<0></span>', escape(clean(text)))


def _row(left: str, points: str, tag: str = "p", classes: str = "ag-row") -> str:
    return f'<{tag} class="{classes}"><span>{left}</span> <span class="ag-points">{points}</span></{tag}>'


def _word(state: str, lang: Lang) -> str:
    return f'<span class="ag-word">{MARKS[state]} {_text(status_word(state, lang))}</span>'


def _tone(state: str) -> str:
    return "ag-" + COLOURS[state].split()[-1]


def _share(*of: Entry | Section) -> str:
    return f"{number(sum(each.points for each in of))} / {number(sum(each.max_points for each in of))}"


def _heading(story: Story) -> Iterator[str]:
    student = f" · <bdi>{_text(story.result.student)}</bdi>" if story.instructor else ""
    yield f'<p class="ag-title ag-head">{_text(story.title)}{student}</p>'
    yield f'<p class="{_tone(story.state)}">{_word(story.state, story.lang)} · {_text(story.total)}</p>'
    for colour, text in story.warnings:
        yield f'<p class="ag-{colour}"><span class="ag-word">{_text(text)}</span></p>'


def _problems(story: Story) -> Iterator[str]:
    if story.result.problems:
        yield f'<div class="ag-part"><p class="ag-title">{_text(say(story.lang, "problems"))}</p>'
        yield from (f'<div class="ag-entry">{_message(problem, story.lang)}</div>' for problem in story.result.problems)
        yield "</div>"
    for note in story.output:
        yield f'<div class="ag-part">{_printed(note)}</div>'
    if story.findings:
        items = "".join(f"<li>{_text(finding)}</li>" for finding in story.findings)
        yield f'<div class="ag-part"><p class="ag-title">{_text(say(story.lang, "findings"))}</p><ul>{items}</ul></div>'


def _section(section: Section, story: Story) -> Iterator[str]:
    if section.title:
        yield _row(_text(section.title), _share(section), classes="ag-row ag-title")
    for state, group in groupby(section.entries, key=lambda entry: entry.state):
        entries = list(group)
        if state in FOLDED and len(entries) > 1:
            key = "all_passed" if section.passed else "checks"
            said = say(story.lang, key, count=sum(entry.count for entry in entries))
            line = _row(f"{_word(state, story.lang)} · {_text(said)}", _share(*entries), tag="span")
            yield f'<details class="{_tone(state)}"><summary>{line}</summary>'
            yield from (_entry(entry, story) for entry in entries)
            yield "</details>"
        else:
            yield from (_entry(entry, story) for entry in entries)


def _entry(entry: Entry, story: Story) -> str:
    hidden = f' <span class="ag-tag">{_text(say(story.lang, "hidden"))}</span>' if entry.hidden else ""
    line = _row(f"{_word(entry.state, story.lang)}{hidden} · {_text(entry.title)}", _share(entry))
    check = f'<p class="ag-quiet"><code>{_text(entry.check)}</code></p>' if entry.check else ""
    brief = "" if entry.notes else " ag-brief"
    return f'<div class="ag-entry{brief} {_tone(entry.state)}">{line}{check}{"".join(_notes(entry, story.lang))}</div>'


def _notes(entry: Entry, lang: Lang) -> Iterator[str]:
    for known, notes in groupby(entry.notes, key=lambda note: note.kind in KNOWN):
        said = "".join(_note(note, lang) for note in notes)
        yield f'<div class="ag-body ag-known ag-yellow">{said}</div>' if known else said


def _note(note: Note, lang: Lang) -> str:
    if isinstance(note.body, Message):
        label = f'<p class="ag-quiet">{_text(note.label)}</p>' if note.label else ""
        return label + _message(note.body, lang)
    if note.kind in ("output", "detail"):
        return _printed(note)
    label = f"<strong>{_text(note.label)}</strong>" if note.label else ""
    return f'<p class="ag-body">{label}{_text(note.body)}</p>'


def _message(message: Message, lang: Lang) -> str:
    first = replace(message, lines=())
    said = f'<p class="ag-said">{_text(render(first, lang))}</p>'
    if message.lines:
        rows = render(message, lang, WIDTH)[len(render(first, lang, WIDTH)) + 1 :]
        said += f"<pre>{_columns(textwrap.dedent(rows))}</pre>"
    return f'<div class="ag-body">{said}</div>'


def _printed(note: Note) -> str:
    """Return what student code printed, marked at its side, so that it never passes for the grader's words."""
    said = f'<p class="ag-quiet">{_text(note.label)}</p><pre class="ag-output">{escape(clean(str(note.body)))}</pre>'
    return f'<div class="ag-body">{said}</div>'


def _footer(story: Story) -> Iterator[str]:
    if story.footer or story.record:
        yield '<div class="ag-foot">'
        yield from (f"<p>{_text(line)}</p>" for line in story.footer)
        yield from (f'<p class="ag-quiet">{_text(line)}</p>' for line in story.record)
        yield "</div>"
