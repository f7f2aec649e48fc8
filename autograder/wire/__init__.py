"""What may cross between a judge and student code, and in which form: values by copy, and objects as handles."""

from autograder.wire.decode import Decoder
from autograder.wire.encode import Encoder
from autograder.wire.frames import Limits, Record, TupleRecord, Unsendable, WireError

__all__ = ["Decoder", "Encoder", "Limits", "Record", "TupleRecord", "Unsendable", "WireError"]
