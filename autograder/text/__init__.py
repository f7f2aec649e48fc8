"""Messages in two languages."""

from autograder.text.message import Bilingual, Lang, Message
from autograder.text.render import render
from autograder.text.templates import TEMPLATES

__all__ = ["TEMPLATES", "Bilingual", "Lang", "Message", "render"]
