"""Every page and dialog, in both themes and both sizes: readable by all (WCAG 2.2 AA), and no wider than the screen.
At 200 percent too: a page of 1440 x 900 is one of 720 x 450 then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

from app.pages import PAGES
from app.views import VIEWS
from tests.e2e.place import sample_opened, until

_WIDTH = 5_000
_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Dark is the same page in other colours: what these do not look at is as it was in the light one.
_RULES_OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_SIZES = ((1440, 900), (390, 844))
_AT_200_PERCENT = (720, 450)
_ISSUE = "/issues/SHOP-101"
# As many requests as a view may take to be there.
_CALLBACKS = 3
_FEW_REQUESTS = {*(view.path for view in VIEWS), "/data/sources/jira", "/data/meaning", "/projects"}

# Looked at until it is; the page's own rules allow no script that is text, as waiting for a function would send.
_FITS = """patience => new Promise(done => {
    const end = performance.now() + patience
    const look = () => document.documentElement.scrollWidth <= innerWidth ? done(true)
        : performance.now() > end ? done(false) : setTimeout(look, 20)
    setTimeout(look, 50)
})"""

# What looks as if a click did something (a hand at the pointer, a link's colour or line) and is nothing to click.
_ACTS = (
    "a[href], button, summary, input, select, textarea, label, option, [role=button], [role=option], [role=tab], "
    "[role=radio], [role=switch], [role=slider], [draggable=true], div:has(> input[type=file])"
)
_SEEMS_TO_ACT = """acts => {
    const probe = document.body.appendChild(document.createElement('span'))
    probe.style.color = 'var(--accent)'
    const accent = getComputedStyle(probe).color
    probe.remove()
    const seems = part => {
        const style = getComputedStyle(part)
        const hasText = Array.from(part.childNodes).some(node => node.nodeType === 3 && node.textContent.trim())
        return style.cursor === 'pointer'
            || hasText && (style.color === accent || style.textDecorationLine.includes('underline'))
    }
    return Array.from(document.querySelectorAll('body *')).filter(part =>
        !part.closest(acts) && !part.closest('svg, script, style, .js-plotly-plot')
        && part.getClientRects().length && (seems(part) || part.localName === 'a')
        // What lies around a label only carries its pointer.
        && !(part.children.length === 1 && part.firstElementChild.localName === 'label')
    ).map(part => part.outerHTML.slice(0, 200))
}"""

Open = Callable[[str], Page]
Address = Callable[[str], str]


@pytest.fixture(scope="module")
def sample(built: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, Address]]:
    """A browser tab at the sample project, always the same one, and the address of a path of it."""
    with sample_opened(built, browser, tmp_path_factory.mktemp("every-page")) as (page, address):
        yield page, address


@pytest.fixture(scope="module")
def opened(sample: tuple[Page, Address]) -> Open:
    page, address = sample
    return lambda path: _goto(page, address(path))


@pytest.fixture
def requests(sample: tuple[Page, Address]) -> Iterator[list[str]]:
    """What the page asks of the program while the test runs."""
    page, requests = sample[0], list[str]()

    def note(request: Request) -> None:
        if "update-component" in request.url:
            requests.append(request.url)

    page.on("request", note)
    yield requests
    page.remove_listener("request", note)


def _goto(page: Page, address: str) -> Page:
    page.set_viewport_size({"width": _SIZES[0][0], "height": _SIZES[0][1]})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(address)
    expect(page.locator("main h1, main .finding, main .reason").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


def faults(page: Page, without: str = "") -> list[Any]:
    """What axe finds, but for the rule `without`, and whether the page is too wide, in each theme and size."""
    return [
        (size, scheme, *fault)
        for size in _SIZES
        for scheme in ("light", "dark")
        for fault in _faults_as(page, size, scheme, without)
    ]


def _faults_as(page: Page, size: tuple[int, int], scheme: Any, without: str) -> Iterator[tuple[str, str]]:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    fits = _fits(page)
    rules = _RULES if scheme == "light" else _RULES_OF_COLOURS
    # Where all is well it would write down each part of the page as well, which takes twice as long as the look.
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    for violation in Axe().run(page, options=options).response["violations"]:
        if violation["id"] == without:
            continue
        yield violation["id"], violation["nodes"][0]["html"][:200]
    if not fits:
        yield "sideways", "the page is wider than the screen"


def _fits(page: Page) -> bool:
    """Whether the page is as wide as the screen, once it has been drawn anew; charts come a little later."""
    return bool(page.evaluate(_FITS, _WIDTH))


def test_every_page_of_a_view_may_take_few_requests() -> None:
    assert {page.path for page in PAGES} >= _FEW_REQUESTS


@pytest.mark.parametrize("path", [_ISSUE if page.path == "/issues/" else page.path for page in PAGES])
def test_a_page_is_there_after_three_requests_readable_by_all_and_no_wider_at_200_percent(
    opened: Open, requests: list[str], path: str
) -> None:
    page = opened(path)
    if path in _FEW_REQUESTS:
        if len(requests) > _CALLBACKS:
            # What the sample's past says of its forecasts may just have been worked out, which builds the page anew.
            requests.clear()
            page = opened(path)
        assert 1 <= len(requests) <= _CALLBACKS
    assert not faults(page)
    assert page.evaluate(_SEEMS_TO_ACT, _ACTS) == []
    page.set_viewport_size({"width": _AT_200_PERCENT[0], "height": _AT_200_PERCENT[1]})
    until(page, f"innerWidth === {_AT_200_PERCENT[0]}")
    assert _fits(page)


@pytest.mark.parametrize("show", ["/?show=answer", "/?show=remaining", "/flow/throughput?show=pace"])
def test_in_a_panel_nothing_seems_to_act_that_does_not(opened: Open, sample: tuple[Page, Address], show: str) -> None:
    path, _, options = show.partition("?")
    page = _goto(sample[0], f"{sample[1](path)}&{options}")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(_SEEMS_TO_ACT, _ACTS) == []


@pytest.mark.parametrize(
    "look", ["cursor: pointer", "color: var(--accent)", "text-decoration: underline dotted", "nothing"]
)
def test_what_seems_to_act_is_seen(opened: Open, look: str) -> None:
    page = opened("/signals")
    name, _, value = look.partition(": ")
    page.evaluate(
        """([name, value]) => {
            const part = document.createElement(name === 'nothing' ? 'a' : 'span')
            part.textContent = 'Here'
            part.style[name] = value
            document.querySelector('main h1').after(part)
        }""",
        [name, value],
    )
    assert len(page.evaluate(_SEEMS_TO_ACT, _ACTS)) == 1


@pytest.mark.parametrize("path", ["/", "/signals", "/plan/milestones", "/data/sources", "/settings/project"])
def test_a_page_in_german_is_readable_by_all(sample: tuple[Page, Address], opened: Open, path: str) -> None:
    page = sample[0]
    page.route("**/*", lambda route: route.continue_(headers={**route.request.headers, "accept-language": "de-DE"}))
    try:
        violations = faults(opened(path))
        expect(page.locator("html")).to_have_attribute("lang", "de")
    finally:
        page.unroute("**/*")
    assert not violations


def test_a_term_tells_its_meaning_to_keys_and_to_all(opened: Open) -> None:
    page = opened("/plan/progress")
    term = page.locator("button.term").first
    term.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("note")).to_be_visible()
    # A number that lies half behind it is as large as ever.
    assert not list(_faults_as(page, _SIZES[0], "light", without="target-size"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("note")).to_have_count(0)
    expect(term).to_be_focused()


def _panel(page: Page) -> None:
    page.locator(".foot a").first.click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Issues")).to_be_visible()
    page.wait_for_timeout(400)


def _quit(page: Page) -> None:
    page.get_by_label("Settings and help").click()
    page.get_by_role("button", name="Quit").click()
    expect(page.get_by_role("dialog", name="Quit Burndown?")).to_be_visible()
    page.wait_for_timeout(400)


_DIALOGS: dict[str, Callable[[Page], None]] = {
    "panel": _panel,
    "keys": lambda page: page.keyboard.press("?"),
    "palette": lambda page: page.keyboard.press("Control+k"),
    "filter": lambda page: page.locator("summary", has_text="Filter").click(),
    "gear": lambda page: page.get_by_label("Settings and help").click(),
    "share": lambda page: page.locator("summary", has_text="Share").click(),
    "quit": _quit,
}


@pytest.mark.parametrize("name", _DIALOGS)
def test_a_dialog_is_readable_by_all(opened: Open, name: str) -> None:
    page = opened("/")
    _DIALOGS[name](page)
    # What lies half behind a menu is as large as ever: its size is asked of the pages.
    violations = faults(page, without="target-size")
    page.keyboard.press("Escape")
    assert not violations
