"""Groups: the work by the values of any field that the source has."""

from __future__ import annotations

from typing import Any

from app.charts.parts_of_work import Bar, parts_figure
from app.domain.grouping import Group, Groups, values_by
from app.domain.items import Item
from app.domain.missing import NotEnoughData
from app.views.view import Behind, Fact, Number, Place, Rows, Scene, Sentence, View, needs
from app.words import N_, _, n_
from app.words.headings import header
from store.records import Category

_HEADER = header("value", "items", "total", "done", "in_progress", "remaining", "finished")
# More bars beside each other cannot be read; the table has them all.
_MOST_BARS = 25


def _groups(scene: Scene) -> Groups | NotEnoughData:
    return scene.grouped


def _shown(scene: Scene) -> tuple[Group, ...]:
    result = _groups(scene)
    return () if isinstance(result, NotEnoughData) else result.groups


def _name(value: str) -> str:
    return value or _("none")


def _sentence(scene: Scene) -> Sentence | str:
    result = _groups(scene)
    if isinstance(result, NotEnoughData):
        return _(result.reason)
    groups = result.groups
    if not groups:
        return _("Nothing is in scope.")
    first = groups[0]
    values: dict[str, str | Number] = {
        "count": scene.formats.number(len(groups)),
        "name": _name(first.value),
        "left": Number(scene.amount(first.remaining), f"group-left:{first.value}"),
    }
    return Sentence(
        "All of it is {name}, with {left} left.", values,
        "Of {count} groups {name} has most left: {left}.", len(groups),
    )  # fmt: skip


def _figure(scene: Scene) -> dict[str, Any] | None:
    bars = [
        Bar(
            _name(group.value),
            group.done,
            group.in_progress,
            group.remaining - group.in_progress,
            shows=tuple(f"group-{piece}:{group.value}" for piece in ("done", "doing", "todo", "left")),  # type: ignore[arg-type]
        )
        for group in _shown(scene)[:_MOST_BARS]
    ]
    return parts_figure(bars, scene.text)


def _facts(scene: Scene) -> list[Fact]:
    groups = _shown(scene)
    none = next((group for group in groups if not group.value), None)
    if none is None:
        return []
    return [Fact(_("Without a value"), scene.amount(none.remaining), "group-left:", _("left"))]


def _notes(scene: Scene) -> list[str]:
    groups = _shown(scene)
    notes = [_("An item with several values counts once, for the first of them.")]
    if len(groups) > _MOST_BARS:
        notes.append(
            n_("{count} more group is in the table.", "{count} more groups are in the table.", len(groups) - _MOST_BARS)
        )
    return notes


def _rows(scene: Scene) -> Rows:
    return Rows.of(
        _HEADER,
        _shown(scene),
        lambda group: (
            _name(group.value), group.items, group.total, group.done, group.in_progress, group.remaining, group.finished
        ),
        lambda group: f"group-left:{group.value}",
    )  # fmt: skip


def _opened(title: str, counts: Any) -> Any:
    def opened(scene: Scene, part: str) -> Behind:
        result = _groups(scene)
        if isinstance(result, NotEnoughData):
            return Behind(_(title), (_(result.reason),))
        value_of = values_by(scene.analysis.known, result.field)
        items = [item for item in scene.analysis.items if item.in_scope and counts(item) and value_of(item) == part]
        number = sum(item.size(scene.unit) for item in items)
        how = (_("Work in scope whose {field} is {value}.", field=result.field, value=_name(part)),)
        return Behind(f"{_name(part)}: {_(title)}", how, keys=tuple(item.issue.key for item in items), number=number)

    return opened


def _is_open(item: Item) -> bool:
    return item.done is None


def _is_under_way(item: Item) -> bool:
    return item.done is None and item.category is Category.IN_PROGRESS


GROUPS = View(
    at=Place("/plan/groups", N_("Groups")),
    # Seven tabs are as many as a person looks through.
    under="scope",
    help=N_(
        "The work by the values of a field: its type, version, epic, label, or any other that the source has. Columns "
        "of a file that mean nothing to the app are fields, too."
    ),
    needs=needs("groups"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    splits="type",
    numbers={
        "group-left": _opened(N_("Left"), _is_open),
        "group-done": _opened(N_("Done"), lambda item: item.done is not None),
        "group-doing": _opened(N_("In progress"), _is_under_way),
        "group-todo": _opened(N_("Not started"), lambda item: _is_open(item) and not _is_under_way(item)),
    },
    rows=_rows,
    is_table=True,
)
