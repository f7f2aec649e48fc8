"""How a check says that an answer is wrong, or right in part."""

from __future__ import annotations

from autograder.text import Bilingual, Message, render

__all__ = ["CheckFailure", "PartialCredit"]


class CheckFailure(AssertionError):
    """An answer is wrong. `message` says how, as data; the text of the exception is its English rendering.

    Parameters
    ----------
    message : Message
    symptom : str, optional
        For answers that differ from run to run or from method to method (random draws, support vectors), and so cannot
        be compared by value: a word for what the check recognised ("uniform draws"). A misconception whose own failure
        of the check shows the same symptom is then taken for the one behind it.
    """

    def __init__(self, message: Message, symptom: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.symptom = symptom

    def __str__(self) -> str:
        return render(self.message, "en")


class PartialCredit(AssertionError):
    """An answer deserves `fraction` of the check's points.

    Parameters
    ----------
    fraction : float in [0, 1]
    message : str, Message or Bilingual
        Why not all of them. Kept as a `Message` in the attribute of that name.

    Raises
    ------
    ValueError
        If `fraction` is outside [0, 1].
    """

    def __init__(self, fraction: float, message: str | Message | Bilingual) -> None:
        if not 0 <= fraction <= 1:  # NaN fails this, too
            raise ValueError(f"fraction is {fraction!r}; it must lie in [0, 1]")
        if isinstance(message, str):
            message = Message("text.plain", {"text": message})
        elif isinstance(message, Bilingual):
            message = Message("text.bilingual", {"en": message.en, "zh": message.zh})
        super().__init__(fraction, message)
        self.fraction = float(fraction)
        self.message = message

    def __str__(self) -> str:
        return f"{self.fraction:.0%} of the points: {render(self.message, 'en')}"
