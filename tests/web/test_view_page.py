"""A view as a page of its own."""

from __future__ import annotations

from dataclasses import replace

from app.views import view
from app.web import view_page
from app.web.page import visit_of
from app.words.formats import formats_for
from tests.pages.reading import texts
from tests.pages.sample import sample_context


def test_a_view_without_a_picture_has_its_numbers_its_file_and_its_help_all_the_same() -> None:
    visit = visit_of(sample_context(), "?profile=p&query=q", formats_for(["en-GB"]), "/flow/throughput")
    said = texts(view_page.layout(visit, replace(view("throughput"), figure=None, notes=lambda scene: ())))
    assert {"CSV", "The numbers", "What this shows"} <= set(said)
    assert "PNG" not in said
