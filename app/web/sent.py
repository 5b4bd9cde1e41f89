"""What a page sent, against what the function that answers it takes: a page of ours sends nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice, repeat
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.errors import BadInput
from app.words import N_

UNUSABLE = N_("This page sent something that cannot be used. Nothing was changed; reload it and try again.")
# What comes of a text where a number was meant, of an id that names nothing, of a list that is too short.
_OF_WRONG_VALUES = (AttributeError, LookupError, TypeError, ValueError, OverflowError)
_LISTS = (list, tuple, Sequence)
# The largest whole number that a browser counts to. What is beyond cannot be put into a page again.
_MOST = 2**53


@contextmanager
def used_by(function: Callable[..., Any], arguments: Sequence[Any]) -> Iterator[None]:
    """Around a call with the context and these values from a page. What fits and fails is our own mistake.

    Raises BadInput for what fails because they are not as the function says, and for a count that no browser has,
    which would fail only when the answer is written.
    """
    if any(_is_beyond(value) for value in arguments) and not _all_fit(function, arguments):
        raise BadInput(UNUSABLE)
    try:
        yield
    except _OF_WRONG_VALUES as exc:
        if _all_fit(function, arguments):
            raise
        raise BadInput(UNUSABLE) from exc


def _all_fit(function: Callable[..., Any], arguments: Sequence[Any]) -> bool:
    wanted = islice(_wanted(function), 1, None)
    return all(fits(value, each) for value, each in zip(arguments, wanted, strict=False))


def _is_beyond(value: Any) -> bool:
    return isinstance(value, int) and abs(value) > _MOST


def _wanted(function: Callable[..., Any]) -> Iterator[Any]:
    """The types of a function's parameters in their order; one that is not told takes anything."""
    try:
        hints = get_type_hints(function)
    except NameError:
        hints = {}
    named = inspect.signature(function, follow_wrapped=False).parameters.values()
    alone = [hints.get(each.name, Any) for each in named if each.kind is each.POSITIONAL_OR_KEYWORD]
    rest = [hints.get(each.name, Any) for each in named if each.kind is each.VAR_POSITIONAL]
    return chain(alone, *(repeat(each) for each in rest))


def fits(value: Any, wanted: Any) -> bool:
    """Whether what came as JSON can be what the function says that it takes. What it does not tell apart fits."""
    kind = get_origin(wanted) or wanted
    if kind in (Union, UnionType):
        return any(fits(value, each) for each in get_args(wanted))
    if kind in _LISTS:
        (inside, *_) = get_args(wanted) or (Any,)
        return isinstance(value, list | tuple) and all(fits(each, inside) for each in value)
    if kind in (dict, Mapping):
        name, inside = get_args(wanted) or (Any, Any)
        return isinstance(value, dict) and all(fits(n, name) and fits(each, inside) for n, each in value.items())
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and not _is_beyond(value)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return not isinstance(kind, type) or kind not in (str, bool, NoneType) or isinstance(value, kind)
