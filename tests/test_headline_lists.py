"""Form as evidence in texts: what has the form of a teaser goes, and what only resembles it stays.

Each case puts lines into an article, in the middle or below its last paragraph. The second table is the other side: a
table of contents, the headings of a list article, rankings, results, a set list, and names that the article is about.
"""

import pytest

from cleaner import Cleaner

ARTICLE = (
    "The old lighthouse on Skarn Island will be lit again this winter, the harbour office announced on Monday morning.",
    "For eleven years the tower had stood dark above the bay, and most of the boats had learned to do without it.",
    "A group of retired pilots collected the money for a new lamp at the fish market and in both village schools.",
    "They counted the coins in a kitchen on the north shore, and they wrote every sum down in a blue school book.",
    "The council had offered to sell the tower to a hotel, but the offer was withdrawn after a loud public meeting.",
    "Engineers say that the stairs are sound and that only the iron balcony has to be replaced before the first frost.",
)
HEADLINE = "Skarn lights its tower again after eleven dark years"

TEASERS = {
    "a title that stands there twice": ("Storm closes the coast road Storm closes the coast road",),
    "a caption and its alternative text": (
        "The pilots count coins in a kitchen. The pilots count coins in a kitchen.",
    ),
    "headlines with one kicker": (
        "LAMP VOTE | Council puts off the new pier again",
        "LAMP VOTE | Pilots count their coins for a third time",
    ),
    "a row of sections": ("Harbour & Sea | Schools & Children | Weather",),
    "a label and titles": ("More on the lamp: The pilots of Skarn | A tower without light | Eleven winters",),
    "a link in capitals": ("HARBOUR MASTER OF OSTRA DENIES THAT HE HAS SOLD THE OLD LIGHTHOUSE",),
    "an alternative text": ("retired pilots with coins at a kitchen table",),
    "a caption with its source glued to it": ("The pilots count the coins in a kitchen on the shore.Petra Salt",),
    "a caption with a name behind a slash": (
        "The pilots count the coins in a kitchen on the north shore / Petra Salt",
    ),
}

CONTENT = {
    "a list article": ("Tower of Skarn", "It is the oldest.", "Tower of Ostra", "It is the highest."),
    "a ranking": ("1. Runa Tveit", "2. Odd Brekke", "3. Mads Holm"),
    "a ranking without numbers": ("Runa Tveit", "Odd Brekke", "Mads Holm"),
    "results": ("Skarn | 3 | 1", "Ostra | 2 | 2", "Holm | 0 | 4"),
    "a table without digits": ("Town | Tower | Lamp", "Skarn | old | new", "Ostra | high | none"),
    "what each is best for": (
        "Best for | Long walks along the northern shore",
        "Best for | A short visit to the tower with children",
    ),
    "a specification": ("Works with: oil lamps | Colour: white | Range: fourteen miles",),
    "a source": ("The light of the tower: A history of Skarn | Ostra Press",),
    "times": ("Monday | the tower is open all day long", "Tuesday | the tower stays closed all day"),
    "a set list": ("Light over the Water", "Eleven Winters", "Song of the Pilots", "The Blue Book"),
    "contents": ("What happened", "What it costs", "Who pays for it"),
    "a sub-heading": ("What the engineers found in the tower",),
    "a short heading in capitals": ("THE NIGHT OF THE STORM",),
    "a twofold name": ("Pora pora",),
    "a refrain": ("Row on, row on",),
    "items": ("What visitors should bring:", "- a warm coat", "- strong shoes", "- a lamp for the stairs"),
    "a web address": ("More about the tower stands on the page of the pilots, which is called Skarnlys.Net",),
    "a name of the story": ("Odd Brekke", "Brekke was the last keeper of the tower."),
    "a service box": ("The tower of Skarn", "Ferry from Ostra to the island every hour", "Closed in winter"),
    "a closing line": ("Nothing more is known.", "With best wishes from all of us on the island of Skarn"),
    "what to bring": (
        "Visitors should bring:",
        "A warm coat for the stairs and the balcony",
        "A lamp for the way back to the ferry",
    ),
    "verses": ("the lamp is lit and the tide is low,", "the boats come in that had to go,"),
}


def kept(lines: tuple[str, ...], place: int) -> list[str]:
    source = "\n\n".join([HEADLINE, *ARTICLE[:place], *lines, *ARTICLE[place:]])
    return Cleaner().clean(source, lang="en").split("\n\n")


@pytest.mark.parametrize("name", TEASERS)
def test_what_has_the_form_of_a_teaser_goes(name: str) -> None:
    assert kept(TEASERS[name], 3) == [HEADLINE, *ARTICLE]


@pytest.mark.parametrize("place", [3, len(ARTICLE)])
@pytest.mark.parametrize("name", CONTENT)
def test_what_resembles_a_teaser_stays(name: str, place: int) -> None:
    lost = [
        line for line in (HEADLINE, *ARTICLE, *CONTENT[name]) if line not in "\n\n".join(kept(CONTENT[name], place))
    ]
    assert not lost


@pytest.mark.parametrize("section", ["Investigations", "World News", "Sports"])
def test_the_section_above_the_headline_goes(section: str) -> None:
    assert kept((), 0) == [HEADLINE, *ARTICLE]
    assert Cleaner().clean("\n\n".join([section, HEADLINE, *ARTICLE]), lang="en").split("\n\n") == [HEADLINE, *ARTICLE]


@pytest.mark.parametrize("name", ["Runa Tveit", "Runa Tveit, Odd Brekke", "Runa Tveit and Odd Brekke"])
def test_the_authors_name_goes(name: str) -> None:
    assert Cleaner().clean("\n\n".join([HEADLINE, name, *ARTICLE]), lang="en").split("\n\n") == [HEADLINE, *ARTICLE]
    assert Cleaner().clean("\n\n".join([HEADLINE, *ARTICLE, name]), lang="en").split("\n\n") == [HEADLINE, *ARTICLE]


@pytest.mark.parametrize("heading", ["The Lamp", "Key Findings", "Stairs and Balcony"])
def test_a_heading_above_the_article_stays(heading: str) -> None:
    more = "These findings are the key to the lamp, the balcony and the stairs, the engineers wrote in their report."
    assert heading in Cleaner().clean("\n\n".join([HEADLINE, heading, *ARTICLE, more]), lang="en").split("\n\n")


def test_the_name_of_somebody_in_the_story_stays() -> None:
    story = (
        *ARTICLE,
        "Brekke says that the light was never missed by the boats that had always found their own way in.",
    )
    assert Cleaner().clean("\n\n".join([HEADLINE, "Odd Brekke", *story]), lang="en").split("\n\n")[1] == "Odd Brekke"


@pytest.mark.parametrize("lines", [("57", HEADLINE, *ARTICLE), (HEADLINE, *ARTICLE, "32")])
def test_a_number_above_or_below_the_article_goes(lines: tuple[str, ...]) -> None:
    assert Cleaner().clean("\n\n".join(lines), lang="en").split("\n\n") == [HEADLINE, *ARTICLE]
