"""What the options of a command ask about: which work, as of when, counted how."""

from __future__ import annotations

from argparse import Namespace

from app.context import Context
from app.domain.analysis import Analysis
from app.domain.items import Unit
from app.domain.known import GivenUp, Growth, Method, Pace, Sweeps
from app.domain.selection import FIELDS, NotACondition, selection
from app.errors import BadInput, Usage
from app.settings import Overrides
from store.records import Query


def analysis_of(ctx: Context, query: Query, arguments: Namespace) -> Analysis:
    """Raises Usage for what is no condition, BadInput for a field that no issue has."""
    analysis = ctx.analysis(query.ref, _overrides(arguments))
    unknown = analysis.known.unknown_fields
    if unknown:
        there = (*FIELDS, *analysis.known.own_fields.values())
        raise BadInput(f"No issue has a field {unknown[0]!r}. There are: {', '.join(there)}.")
    return analysis


def _overrides(arguments: Namespace) -> Overrides:
    try:
        work = selection(arguments.where or ())
    except NotACondition as exc:
        raise Usage(str(exc)) from exc
    options = vars(arguments)
    return Overrides(
        # Members, not their texts: the domain asks which member it is.
        unit=Unit(arguments.unit) if arguments.unit else None,
        window=arguments.window,
        as_of=arguments.as_of,
        method=Method(options["method"]) if options.get("method") else None,
        growth=Growth(options["growth"]) if options.get("growth") else None,
        given_up=GivenUp(options["given_up"]) if options.get("given_up") else None,
        sweeps=Sweeps(options["sweeps"]) if options.get("sweeps") else None,
        trials=options.get("trials"),
        seed=options.get("seed"),
        remaining=options.get("remaining"),
        work=work,
        pace=Pace(arguments.pace) if arguments.pace else None,
        epic_size=arguments.epic_size,
        by=options.get("group_by") or "",
        together=options.get("together"),
    )
