"""Messages in two languages."""

from autograder.text.message import Bilingual, Lang, Message

__all__ = ["Bilingual", "Lang", "Message"]
