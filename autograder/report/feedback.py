"""One student's feedback on a terminal: failures first, part by part."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from autograder.course.manifest import Assignment
from autograder.records import Result, Status
from autograder.report.layout import between, paragraph
from autograder.report.story import Entry, Note, Section, Story, tell
from autograder.report.words import COLOURS, MARKS, number, say, status_word
from autograder.text import Lang, Message, render

__all__ = ["Feedback", "feedback"]

BODY = 6  # indent of what is said about a check
MARGIN = 4  # indent of its title
STYLES = {"mistake": "yellow", "again": "yellow", "cure": "cyan", "hint": "cyan"}


def feedback(
    result: Result,
    assignment: Assignment,
    lang: Lang,
    instructor: bool = False,
    *,
    parts: Collection[str] | None = None,
) -> Feedback:
    """Return a rich renderable of all that is said about one submission, or about `parts` of it.

    With `instructor` false, nothing of a hidden check but title, hint, diagnosis and the student's message is in it.
    """
    return Feedback(tell(result, assignment, lang, parts=parts, instructor=instructor))


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rich renderable."""

    story: Story

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.lines(options.max_width)

    def lines(self, width: int) -> Iterator[Text]:
        """Yield the lines, none wider than `width` cells."""
        yield from self._heading(width)
        yield from self._problems(width)
        for section in self.story.sections:
            yield from self._section(section, width)
        yield from self._footer(width)

    def _heading(self, width: int) -> Iterator[Text]:
        story = self.story
        yield from between(story.title, story.result.student, width, style="bold")
        line = f"{status_word(story.state, story.lang)} · {story.total}"
        yield from paragraph(line, width, style=COLOURS[story.state])
        for style, text in story.warnings:
            yield from paragraph(text, width, style=style)

    def _problems(self, width: int) -> Iterator[Text]:
        story = self.story
        if story.result.problems:
            yield from self._title("problems")
            for problem in story.result.problems:
                yield from self._message(problem, width, MARGIN)
        for note in story.output:
            yield Text()
            yield from self._block(note, width, 0)
        if story.findings:
            yield from self._title("findings")
            for finding in story.findings:
                yield from paragraph(finding, width, first="  - ", indent=MARGIN)

    def _title(self, key: str) -> Iterator[Text]:
        yield Text()
        yield Text(say(self.story.lang, key), style="bold")

    def _section(self, section: Section, width: int) -> Iterator[Text]:
        yield Text()
        if section.title:
            yield from between(section.title, _share(section), width, style="bold")
        if section.passed and not self.story.instructor:
            said = say(self.story.lang, "all_passed", count=section.count)
            line = f"  {MARKS[Status.PASSED]} {status_word(Status.PASSED, self.story.lang)} · {said}"
            yield from paragraph(line, width, indent=MARGIN, style=COLOURS[Status.PASSED])
            return
        for entry in section.entries:
            yield from self._entry(entry, width)

    def _entry(self, entry: Entry, width: int) -> Iterator[Text]:
        hidden = f" [{say(self.story.lang, 'hidden')}]" if entry.hidden else ""
        line = f"  {MARKS[entry.state]} {status_word(entry.state, self.story.lang)}{hidden} · {entry.title}"
        yield from between(line, _share(entry), width, indent=MARGIN, style=COLOURS[entry.state])
        if entry.check:
            yield from paragraph(entry.check, width, first=" " * BODY, indent=BODY, style="dim")
        for note in entry.notes:
            yield from self._note(note, width)

    def _note(self, note: Note, width: int) -> Iterator[Text]:
        if isinstance(note.body, Message):
            if note.label:
                yield from paragraph(note.label, width, " " * BODY, BODY, "dim")
            yield from self._message(note.body, width, BODY + 2 if note.label else BODY)
        elif note.kind in STYLES:
            text = note.label + note.body
            yield from paragraph(text, width, first=" " * BODY, indent=BODY, style=STYLES[note.kind])
        else:
            yield from self._block(note, width, BODY)

    def _message(self, message: Message, width: int, indent: int) -> Iterator[Text]:
        yield from paragraph(render(message, self.story.lang, width - indent), width, " " * indent, indent)

    def _block(self, note: Note, width: int, indent: int) -> Iterator[Text]:
        """Yield what student code printed, each line marked, so that it never passes for the grader's words."""
        bar = " " * indent + "│ "
        yield Text(" " * indent + note.label, style="dim")
        for line in str(note.body).split("\n"):
            for piece in paragraph(line, width, bar, indent + 2, "dim"):
                # Of a line that was folded, every piece is marked.
                yield Text(bar + piece.plain[indent + 2 :], style="dim", no_wrap=True, overflow="ignore")

    def _footer(self, width: int) -> Iterator[Text]:
        if self.story.footer or self.story.record:
            yield Text()
        for line in self.story.footer:
            yield from paragraph(line, width)
        for line in self.story.record:
            yield from paragraph(line, width, style="dim")


def _share(of: Entry | Section) -> str:
    return f"{number(of.points)} / {number(of.max_points)}"
