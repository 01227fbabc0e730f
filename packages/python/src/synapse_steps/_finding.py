"""Which objects of a module are its steps: those in its list `steps`, else one of each step class defined in it."""

from __future__ import annotations

from ._errors import WireError
from ._members import check_name, describe_step, lacks_execute, missing_execute
from ._step import BaseStep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType
    from typing import Any


class Plugin:
    """The steps that are served, by name, in their order."""

    def __init__(self, name: str, version: str, steps: Iterable[Any]) -> None:
        self.name = name
        self.version = version
        self.steps: dict[str, Any] = {}
        for index, step in enumerate(steps):
            if isinstance(step, type):
                raise WireError("precondition_failed", f"steps[{index}] is a class: write {step.__name__}()")
            if lacks_execute(step):
                raise WireError("precondition_failed", f"steps[{index}]: {missing_execute(type(step))}")
            step_name = check_name(step, f"steps[{index}] ({type(step).__name__})")
            if step_name in self.steps:
                pair = f"{type(self.steps[step_name]).__name__} and {type(step).__name__}"
                raise WireError("precondition_failed", f"two steps are named '{step_name}': {pair}")
            self.steps[step_name] = step
        self.described = [describe_step(step) for step in self.steps.values()]

    def get(self, name: object) -> Any:
        """The step of that name. Raises WireError that lists those there are."""
        try:
            return self.steps[name]  # type: ignore[index]
        except (KeyError, TypeError):
            there_are = ", ".join(self.steps) or "none"
            message = f"there is no step {name!r}; {self.name} has {there_are}"
            raise WireError("invalid_params", message) from None


def find_steps(module: ModuleType) -> Plugin:
    """The plugin that a module is. Raises WireError if it offers no step."""
    place = getattr(module, "__file__", None) or module.__name__
    listed = getattr(module, "steps", None)
    steps = listed if isinstance(listed, (list, tuple)) else _instances(module, place)
    if not steps:
        hint = "derive a class from synapse_steps.BaseStep, or write steps = [MyStep()]"
        raise WireError("precondition_failed", f"{place} has no steps", hint=hint)
    spec = getattr(module, "__spec__", None)
    name = (spec.name if spec is not None else module.__name__).rpartition(".")[2]
    return Plugin(name, str(getattr(module, "__version__", "")), steps)


def _instances(module: ModuleType, place: str) -> list[Any]:
    classes = [
        value
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__ and not name.startswith("_")
    ]
    steps = []
    without: list[str] = []
    for kind in dict.fromkeys(classes):
        if _is_unfinished(kind) and not _is_derived_from(kind, classes):
            without.append(missing_execute(kind))
        if _is_step_class(kind) and not _needs_arguments(kind):
            step = _instance(kind, place)
            if not _is_base_of_another(kind, step, classes):
                steps.append(step)
    slips = [text for text in without if text.endswith("?")]
    if slips or (without and not steps):
        raise WireError("precondition_failed", f"{place}: {'; '.join(slips or without)}")
    return steps


def _is_step_class(kind: type) -> bool:
    if getattr(kind, "__abstractmethods__", None):
        return False
    execute = getattr(kind, "execute", None)
    if issubclass(kind, BaseStep):
        return execute is not BaseStep.execute
    return callable(execute) and hasattr(kind, "name") and hasattr(kind, "progress_weight")


def _is_unfinished(kind: type) -> bool:
    return issubclass(kind, BaseStep) and not getattr(kind, "__abstractmethods__", None) and lacks_execute(kind)


def _needs_arguments(kind: type) -> bool:
    code = getattr(kind.__init__, "__code__", None)  # type: ignore[misc]
    if code is None:
        return False
    defaults = kind.__init__.__defaults__ or ()  # type: ignore[misc]
    keyword_defaults = kind.__init__.__kwdefaults__ or {}  # type: ignore[misc]
    required = code.co_argcount - 1 - len(defaults)
    return bool(required > 0 or code.co_kwonlyargcount > len(keyword_defaults))


def _instance(kind: type, place: str) -> Any:
    try:
        return kind()
    except Exception as error:
        from ._cause import cause_chain_of, error_text, type_name

        message = f"{place}: {kind.__name__}() failed: {type_name(error)}: {error_text(error)}"
        raise WireError("precondition_failed", message, cause=cause_chain_of(error)) from error


def _is_base_of_another(kind: type, step: Any, classes: list[type]) -> bool:
    """A class without a name that others derive from is their common part, not a forgotten name."""
    return getattr(step, "name", None) is None and _is_derived_from(kind, classes)


def _is_derived_from(kind: type, classes: list[type]) -> bool:
    return any(kind in other.__mro__[1:] for other in classes)
