"""Paragraphs that a text holds twice, as some extractors give them."""

import pytest

from cleaner import Cleaner, Document, Label

LEAD = "The ferry to Skarn will sail again from Monday, the harbour office said, after three weeks in the dock."
QUOTE = "“We have waited for a part that nobody makes any more, and a smith in Ostra has made it for us now,” she said."
END = "The first boat leaves at six in the morning, and it takes cars again, but no lorries before the summer."
OTHER = "A second ferry is being built at a yard in the north, which the county wants to pay for in four parts."
HEADING = "A part from Ostra"
NOTE = "Let the dough rest for an hour under a cloth each time, since it tears when it is rolled too early."


def labelled(*lines: str) -> Document:
    return Cleaner().label("\n\n".join(lines), kind="text")


def kept(*lines: str) -> list[str]:
    return labelled(*lines).text.split("\n\n")


def test_a_quotation_that_stands_there_twice_stays_once() -> None:
    assert kept(LEAD, QUOTE, END, QUOTE, OTHER) == [LEAD, QUOTE, END, OTHER]


def test_an_article_that_stands_there_twice_stays_once_with_its_short_lines() -> None:
    article = [LEAD, HEADING, QUOTE, "It was not to be.", END]
    assert kept(*article, *article) == article
    assert kept(*article, *article, *article) == article


@pytest.mark.parametrize(
    "lines",
    {
        "a note below each step": [LEAD, NOTE, QUOTE, NOTE, END, NOTE],
        "a short sentence": [LEAD, "It was not to be.", QUOTE, "It was not to be.", END],
        "items of lists": [LEAD, f"- {QUOTE}", END, f"- {QUOTE}", OTHER],
        "a heading": [HEADING, LEAD, QUOTE, HEADING, END],
        "nearly the same": [LEAD, QUOTE, END, QUOTE.replace("Ostra", "Vik"), OTHER],
    }.values(),
)
def test_what_an_author_may_have_written_twice_stays(lines: list[str]) -> None:
    assert kept(*lines) == lines


def test_the_document_says_why() -> None:
    (block,) = labelled(LEAD, QUOTE, END, QUOTE, OTHER).removed
    assert block.label is Label.OTHER
    assert "other.second_copy" in [evidence.name for evidence in block.evidence]


def test_a_copy_of_what_goes_stays() -> None:
    plea = (
        "Subscribe to our newsletter to get the best of the harbour in your inbox every morning, and cancel any time."
    )
    document = labelled(LEAD, plea, QUOTE, plea, END)
    assert [block.label for block in document.removed] == [Label.SUBSCRIPTION] * 2
    assert all("other.second_copy" not in [piece.name for piece in block.evidence] for block in document.removed)
