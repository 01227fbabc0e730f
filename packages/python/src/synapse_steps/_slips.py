"""Names that were probably meant, for errors about names that are not there."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a misspelled `name` most probably stands for, if there is one."""
    from difflib import get_close_matches  # some milliseconds, which only an error is worth

    matches = get_close_matches(name, list(candidates), n=1, cutoff=0.75)
    return matches[0] if matches else None


def slip_of(kind: type, member: str, base: type) -> str:
    """For an error about a `member` that `kind` lacks: the name that may be a slip of it, as the end of the sentence."""
    names = {name for link in kind.__mro__ for name in vars(link) if not hasattr(base, name)}
    slip = closest(member, sorted(name for name in names if member not in name))  # execute_one is no slip of execute
    return "" if slip is None else f": did you mean that by {slip}?"
