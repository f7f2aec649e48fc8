"""The one error that a command shows as a single line."""

__all__ = ["UsageError"]


class UsageError(Exception):
    """Bad input from the person at the keyboard.

    The text is one line: what is wrong (naming the file or option), and the remedy. Commands print it to stderr and
    exit with 2; nothing has been written by then.
    """
