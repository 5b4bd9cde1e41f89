"""The functions of a view that are made of one result, and what stands in their place where it says too little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from app.domain.missing import NotEnoughData
from app.views.view import Behind, Fact, Rows, Scene, Sentence, counted_issues, mid_sentence
from app.words import _

Result = TypeVar("Result")
Output = TypeVar("Output")
Drawn = dict[str, Any] | None
Row = tuple[str, tuple[Any, ...]]
"""The name of the number behind it, and its cells."""


class FromResult(Generic[Result]):
    """Decorators: the function is given the scene and the result, and is not asked where there is none.

    The sentence, and what is behind a number, is the reason then; there is no figure, no fact, no note and no row.
    """

    def __init__(self, of: Callable[[Scene], Result | NotEnoughData]) -> None:
        self._of = of

    def sentence(self, make: Callable[[Scene, Result], Sentence | str]) -> Callable[[Scene], Sentence | str]:
        return self._or(lambda reason: reason, make)

    def figure(self, make: Callable[[Scene, Result], Drawn]) -> Callable[[Scene], Drawn]:
        return self._or(lambda reason: None, make)

    def facts(self, make: Callable[[Scene, Result], Sequence[Fact]]) -> Callable[[Scene], Sequence[Fact]]:
        return self._or(lambda reason: (), make)

    def notes(self, make: Callable[[Scene, Result], Sequence[str]]) -> Callable[[Scene], Sequence[str]]:
        return self._or(lambda reason: (), make)

    def rows(self, *header: str) -> Callable[[Callable[[Scene, Result], Iterable[Row]]], Callable[[Scene], Rows]]:
        """A table with these columns."""

        def table(make: Callable[[Scene, Result], Iterable[Row]]) -> Callable[[Scene], Rows]:
            def rows(scene: Scene, result: Result) -> Rows:
                pairs = tuple(make(scene, result))
                return Rows(header, tuple(cells for _, cells in pairs), tuple(show for show, _ in pairs))

            return self._or(lambda reason: Rows(header, ()), rows)

        return table

    def behind(self, title: str) -> Callable[[Callable[[Scene, str, Result], Behind]], Callable[[Scene, str], Behind]]:
        """What is behind a number, which is called so where nothing is; the part after its colon is given as well."""

        def named(make: Callable[[Scene, str, Result], Behind]) -> Callable[[Scene, str], Behind]:
            def opened(scene: Scene, part: str) -> Behind:
                result = self._of(scene)
                if isinstance(result, NotEnoughData):
                    return Behind(_(title), (result.reason,))
                return make(scene, part, result)

            return opened

        return named

    def issues(
        self, title: str, how: str, why: str = "", keys: Callable[[Result], Sequence[str]] = attrgetter("keys")
    ) -> Callable[[Scene, str], Behind]:
        """Behind a number are these issues of the result, by default its `keys`, counted one by one; `why` says of each
        why it is there, by default the title."""
        return self.behind(title)(
            lambda scene, part, result: counted_issues(title, how, keys(result), why or mid_sentence(title))
        )

    def _or(
        self, without: Callable[[str], Output], make: Callable[[Scene, Result], Output]
    ) -> Callable[[Scene], Output]:
        def function(scene: Scene) -> Output:
            result = self._of(scene)
            return without(result.reason) if isinstance(result, NotEnoughData) else make(scene, result)

        return function
