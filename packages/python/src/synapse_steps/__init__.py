"""Steps of a synapse-steps workflow, written in Python: derive from `BaseStep`, return a `StepResult`."""

from ._context import StepContext
from ._serving import serve
from ._step import BaseStep, StepCancelled, StepResult
from ._values import UnserialisableValueError
from ._version import __version__

__all__ = [
    "BaseStep",
    "StepCancelled",
    "StepContext",
    "StepResult",
    "UnserialisableValueError",
    "__version__",
    "serve",
]
