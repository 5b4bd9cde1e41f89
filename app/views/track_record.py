"""Track record: how often the dates held, and how the date moved from week to week."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.charts.track_record import held_figure, said_figure
from app.domain.calendar import ONE_DAY
from app.domain.items import Item
from app.domain.missing import NotEnoughData
from app.domain.scored import stored_record
from app.domain.track_record import LEVEL, HeldAt, Outlook, TrackRecord, joined
from app.views.moved import effect_of
from app.views.view import Behind, Fact, Number, Place, Rows, Scene, Sentence, Switch, View, needs
from app.words import N_, _, n_
from app.words.formats import Formats
from app.words.headings import header

# Fewer replayed forecasts tell no share.
_FEW = 10
# Below this a share says little: at 17 replays the true rate of "all held" may still be four in five.
_FEW_REPLAYS = 20
_HEADER = header("as_of", "even_odds", "sure_85", "left", "pace", "written_down")


def _weeks(scene: Scene) -> tuple[Outlook, ...]:
    """What was said in each week, what is said today included; a part of the work has no weekly record."""
    written = () if scene.analysis.known.selection else scene.outlooks()
    return tuple(each for each in joined(written, scene.analysis.outlooks) if each.as_of <= scene.analysis.as_of)


def _usual_chart(scene: Scene) -> str:
    """Where no week had a date there is nothing to see of it week by week."""
    return "said" if _any_date(_weeks(scene)) else "held"


_CHARTS = Switch(
    "chart",
    N_("Chart"),
    (("said", N_("The date week by week")), ("held", N_("The share that held"))),
    _usual_chart,
)


def _sentence(scene: Scene) -> Sentence | str:
    weeks = _weeks(scene)
    dated = [each for each in weeks if each.sure is not None]
    if len(weeks) < 2:
        return _("There is no earlier week to compare with yet.")
    if not dated:
        text = _("In none of the last {all} weeks could a date be given that is {level} sure.")
        return Sentence(text, {"all": str(len(weeks)), "level": scene.formats.rate(LEVEL / 100)})
    if len(dated) < 2 or dated[-1] is not weeks[-1]:
        return Sentence(
            "In {count} of the last {all} weeks a date could be given that is {level} sure.",
            {"count": str(len(dated)), "all": str(len(weeks)), "level": scene.formats.rate(LEVEL / 100)},
        )
    first, last = dated[0], dated[-1]
    values: dict[str, str | Number] = {
        "level": scene.formats.rate(LEVEL / 100),
        "before": Number(scene.formats.short(first.sure), f"said:{first.as_of.isoformat()}"),
        "when": scene.formats.day(first.as_of, with_year=first.as_of.year != last.as_of.year),
        "now": Number(scene.formats.short(last.sure), f"said:{last.as_of.isoformat()}"),
    }
    if first.sure == last.sure:
        return Sentence("{level} sure is {now}, as on {when}.", values)
    values["moved"] = _moved(first, last)
    return Sentence("{level} sure was {before} on {when} and is {now} now: {moved}.", values)


def _moved(before: Outlook, after: Outlook) -> str:
    """By how much the 85 % date moved, in words; empty where one of them is not known."""
    if before.sure is None or after.sure is None:
        return ""
    days = (after.sure - before.sure).days
    weeks = abs(days) // 7
    if not days:
        return _("the same day")
    if abs(days) >= 14:
        earlier = n_("{count} week earlier", "{count} weeks earlier", weeks)
        return earlier if days < 0 else n_("{count} week later", "{count} weeks later", weeks)
    earlier = n_("{count} day earlier", "{count} days earlier", -days)
    return earlier if days < 0 else n_("{count} day later", "{count} days later", days)


def _figure(scene: Scene) -> dict[str, Any] | None:
    if scene.chosen(_CHARTS) == "said":
        weeks = _weeks(scene)
        return said_figure(weeks, scene.analysis.params.deadline, scene.text) if _any_date(weeks) else None
    record = scene.record()
    return held_figure(record.levels, scene.text) if record is not None and record.levels else None


def _any_date(weeks: tuple[Outlook, ...]) -> bool:
    return any(week.sure or week.even for week in weeks)


def _facts(scene: Scene) -> list[Fact]:
    record = scene.record()
    if record is None or record.ours is None or record.usual is None or not record.ours.n:
        return []
    formats, ours, usual = scene.formats, record.ours, record.usual
    note = _("promised {level}", level=formats.rate(LEVEL / 100))
    if ours.n < _FEW:
        note = _("promised {level}, too few forecasts to judge", level=formats.rate(LEVEL / 100))
    facts = [
        Fact(
            _("Dates held"),
            _("{kept} of {n}", kept=formats.number(ours.kept), n=formats.number(ours.n)),
            f"held:{LEVEL}",
            note,
        ),
        Fact(
            _("With the usual method"),
            _("{kept} of {n}", kept=formats.number(usual.kept), n=formats.number(usual.n)),
            f"held:{LEVEL}",
        ),
    ]
    amounts = next((each.ours for each in record.amounts if each.level == LEVEL), None)
    if amounts is not None and amounts.n:
        kept = _("{kept} of {n}", kept=formats.number(amounts.kept), n=formats.number(amounts.n))
        facts.append(
            Fact(
                _("Amounts held"), kept, f"amounts-held:{LEVEL}", _("promised {level}", level=formats.rate(LEVEL / 100))
            )
        )
    return facts


def _notes(scene: Scene) -> list[str]:
    record, notes = scene.record(), []
    if record is None:
        notes.append(_("Past forecasts are being replayed; how often they held follows here."))
    elif record.ours is None or not record.ours.n:
        notes.append(record.reason or _("No past forecast can be judged yet."))
    notes += _stored_note(scene)
    weeks = _weeks(scene)
    if scene.chosen(_CHARTS) != "held" and _any_date(weeks) and not all(week.is_stored for week in weeks):
        notes.append(_("A filled dot was written down that week; an open one is told from what was known then."))
    return [*notes, *_second_opinion(scene)]


def _second_opinion(scene: Scene) -> list[str]:
    """An estimate by three points beside the forecast, never in place of it, with what it leaves out."""
    opinion, formats = scene.analysis.second_opinion, scene.formats
    if isinstance(opinion, NotEnoughData):
        return []
    sentence = _(
        "A second opinion, by three points (PERT): even odds {even}, {level} sure {sure}. The weeks it is made of: "
        "{worst} finished in the worst tenth of them, {usual} usually, {best} in the best tenth.",
        even=formats.short(opinion.dates[50]),
        level=formats.rate(LEVEL / 100),
        sure=formats.short(opinion.dates[LEVEL]),
        worst=formats.number(opinion.rates.worst),
        usual=formats.number(opinion.rates.usual),
        best=formats.number(opinion.rates.best),
    )
    limits = _(
        "Its limits: the weights (best + 4 usual + worst, by 6) are a convention, nothing is worse than its worst "
        "case, weeks count as independent, and of work in parallel it knows nothing. No date of this program is made "
        "of it."
    )
    return [sentence, limits]


def _stored_note(scene: Scene) -> list[str]:
    """Of what was really said, not replayed: how much of it came true."""
    kept = stored_record(scene.analysis.known, scene.analysis.throughput, scene.analysis.facts.forecasts)
    if isinstance(kept, NotEnoughData) or not kept.levels[LEVEL].n:
        return []
    level, write = kept.levels[LEVEL], scene.formats.number
    sentence = n_(
        "Written down at the time and come due: {count} date, of which {held} held.",
        "Written down at the time and come due: {count} dates, of which {held} held.",
        level.n,
        count=write(level.n),
        held=write(round(level.hit_rate * level.n)),
    )
    return [sentence]


def _rows(scene: Scene) -> Rows:
    def cells(week: Outlook) -> tuple[Any, ...]:
        pace = None if week.pace is None else round(week.pace, 1)
        return (week.as_of, week.even, week.sure, week.left, pace, week.is_stored)

    return Rows.of(_HEADER, _weeks(scene), cells, lambda week: f"said:{week.as_of.isoformat()}")


def record_text(record: TrackRecord, formats: Formats) -> str:
    """How good the dates were, in a line of numbers that anybody can check."""
    ours = record.ours
    if ours is None:
        return record.reason or _("There is too little history to replay.")
    if not ours.n:
        return _("No past forecast can be judged yet.")
    places = {
        "kept": formats.number(ours.kept),
        "n": formats.number(ours.n),
        "level": formats.rate(LEVEL / 100),
    }
    if ours.n >= _FEW_REPLAYS:
        return _("Dates held: {kept} of {n}, promised {level}", **places)
    return _("Dates held: {kept} of {n}, promised {level} (too few to judge)", **places)


# -- what lies behind -----------------------------------------------------------------------------------


def _behind_level(scene: Scene, part: str) -> Behind:
    """All levels, and in words the one asked for."""
    record = scene.record()
    title = _("Dates that held")
    if record is None or not record.levels:
        return Behind(title, (record.reason if record and record.reason else _("Past forecasts are being replayed."),))
    level = next((each for each in record.levels if str(each.level) == part), record.levels[-1])
    how = (
        _(
            "Every second week of the past is forecast anew with nothing but what was known "
            "before it, for 4, 8 and 12 weeks of work; a date held if the work was finished on or "
            "before it."
        ),
        _in_words(level, scene),
        _("The usual method draws from the last 12 weeks alone and takes the pace for one that holds."),
    )
    return Behind(title, how, tuple(_level(each, scene) for each in record.levels))


def _amounts_held(scene: Scene, part: str) -> Behind:
    """As `_held`, of how much was promised."""
    record = scene.record()
    title = _("Amounts that held")
    if record is None or not record.amounts:
        return Behind(title, (record.reason if record and record.reason else _("Past forecasts are being replayed."),))
    how = (
        _(
            "Every second week of the past is asked anew how much will be finished in 4, 8 and 12 "
            "weeks, with nothing but what was known before it; an amount held if at least so much "
            "was finished in those weeks."
        ),
    )
    return Behind(title, how, tuple(_level(each, scene) for each in record.amounts))


def _in_words(each: HeldAt, scene: Scene) -> str:
    formats = scene.formats
    return _(
        "Of {n} dates that promised {level}, {kept} held; the true share lies between "
        "{low} and {high} (90 % of such ranges hold it).",
        n=formats.number(each.ours.n),
        level=formats.rate(each.level / 100),
        kept=formats.number(each.ours.kept),
        low=formats.rate(each.ours.low),
        high=formats.rate(each.ours.high),
    )


def _level(each: HeldAt, scene: Scene) -> tuple[str, str]:
    write = scene.formats.number
    ours, usual = (_("{kept} of {n}", kept=write(rate.kept), n=write(rate.n)) for rate in (each.ours, each.usual))
    return _("Promised {level}", level=scene.formats.rate(each.level / 100)), _(
        "{ours} held; the usual method: {usual}", ours=ours, usual=usual
    )


def _behind_week(scene: Scene, part: str) -> Behind:
    """One week: what was said, and what happened in the week before it."""
    weeks = _weeks(scene)
    at = next((at for at, each in enumerate(weeks) if each.as_of.isoformat() == part), None)
    if at is None:
        return Behind(_("The date as it was said"), (_("Nothing is known of this week."),))
    now, before = weeks[at], weeks[at - 1] if at else None
    title = _("As of {as_of}", as_of=scene.formats.day(now.as_of))
    kept = (
        _("Written down in that week.") if now.is_stored else _("Told from what was known then, with today's method.")
    )
    inputs = [
        (_("Even odds"), scene.formats.short(now.even)),
        (_("{level} sure", level=scene.formats.rate(LEVEL / 100)), scene.formats.short(now.sure)),
        *_between(before, now, scene),
    ]
    if before is None or not scene.analysis.has_items:
        return Behind(title, (kept,), tuple(inputs))
    # Of a day looked back at only what was before it is known; of today all of it.
    past = 0 if scene.analysis.is_live else 1
    inputs += _parts(before, now, scene)
    keys, whys = _happened(scene, before.as_of + (1 - past) * ONE_DAY, now.as_of - past * ONE_DAY)
    moved = _moved(before, now)
    how = (kept, _("Against {as_of}: {moved}.", as_of=scene.formats.day(before.as_of), moved=moved) if moved else "")
    return Behind(title, tuple(filter(None, how)), tuple(inputs), keys, whys=whys)


def _between(before: Outlook | None, now: Outlook, scene: Scene) -> list[tuple[str, str]]:
    """What moved the date: what is left, and the pace."""
    write = scene.formats.number
    if before is None:
        return [(_("Left"), scene.amount(now.left))]
    inputs = [(_("Left"), write(now.left) if before.left == now.left else f"{write(before.left)} → {write(now.left)}")]
    if now.pace is not None and before.pace is not None:
        old, new = write(round(before.pace, 1)), write(round(now.pace, 1))
        inputs.append(
            (_("Pace"), _("{new} a week", new=new) if old == new else _("{old} → {new} a week", old=old, new=new))
        )
    return inputs


_PARTS = {
    "finished": N_("A week went by, and what was finished in it"),
    "pace": N_("Pace"),
    "added": N_("Added"),
    "removed": N_("Removed"),
    "re-estimated": N_("Re-estimated"),
    "reopened": N_("Reopened"),
    "expected": N_("Expected of epics"),
    "days off": N_("Days off"),
}


def _parts(before: Outlook, now: Outlook, scene: Scene) -> list[tuple[str, str]]:
    """What the move of the 85 % date is made up of, to the day."""
    at = scene.analysis
    while at.as_of > now.as_of:
        at = at.week_before
    review = at.last_week
    if at.as_of != now.as_of or isinstance(review, NotEnoughData) or not review.moved_by:
        return []
    inputs = [(_(_PARTS[part.kind]), effect_of(part.days) or _("nothing")) for part in review.moved_by]
    if before.sure is not None and now.sure is not None and review.moved_level == LEVEL:
        rest = (now.sure - before.sure).days - sum(part.days for part in review.moved_by)
        inputs += [(_("Method, and data that came later"), effect_of(rest))] if rest else []
    return inputs


def _happened(scene: Scene, since: date, until: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Issues that were finished, came or went between the two days, with which of these it was."""
    events = [(item.issue.key, why) for item in scene.analysis.items if (why := _event(item, since, until))]
    events.sort(key=lambda pair: pair[1])
    return tuple(key for key, why in events), tuple(why for key, why in events)


def _event(item: Item, since: date, until: date) -> str:
    events = ((_("finished"), item.finished), (_("added"), item.entered), (_("removed"), item.left),
              (_("reopened"), item.reopened))  # fmt: skip
    return next((why for why, days in events if any(since <= day <= until for day in days)), "")


TRACK_RECORD = View(
    at=Place("/plan/track-record", N_("Track record")),
    help=N_(
        "The 85 % date as it was said week by week, and what moved it. Beside it the past replayed: how many of the "
        "dates that promised so much held, with the forecast of this program and with the usual method."
    ),
    needs=needs("scope", "throughput"),
    sentence=_sentence,
    figure=_figure,
    facts=_facts,
    notes=_notes,
    switches=(_CHARTS,),
    numbers={"said": _behind_week, "held": _behind_level, "amounts-held": _amounts_held},
    rows=_rows,
)
