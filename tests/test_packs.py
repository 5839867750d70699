"""The shipped packs: their examples, their form, their speed, and what they do to an article."""

import tomllib
from functools import cache
from importlib import resources

import pytest

from cleaner import Cleaner, rules
from cleaner.document import DEFAULT_KEEP, Block, Label
from cleaner.rules import check, packs
from cleaner.text.charstats import char_stats
from cleaner.text.words import normalize_line

PACKS = ("shared", *rules.languages())
DATA = resources.files("cleaner").joinpath("rules", "data")


@cache
def raw(name: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    """The concepts' tables of a pack, as they stand in the file."""
    tables = tomllib.loads(DATA.joinpath(f"{name}.toml").read_text("utf-8"))
    return {label: concepts for label, concepts in tables.items() if label in set(Label)}


def says(rule: rules.Rule, text: str) -> bool:
    return normalize_line(text) in rule.lines or any(pattern.compiled.search(text) for pattern in rule.patterns)


# -- form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_names_concepts_that_there_are(name):
    pack = rules.bundled(name, examples=True)
    unknown = [rule.concept.name for rule in pack.rules if rule.concept.name not in rules.concepts()]
    assert unknown == []
    assert pack.language == ("" if name == "shared" else name)


@pytest.mark.parametrize("name", PACKS)
def test_every_concept_has_examples(name):
    without = [
        rule.where
        for rule in rules.bundled(name, examples=True).rules
        if ((rule.patterns or rule.lines) and not (rule.yes and rule.no))
        or not (rule.patterns or rule.lines or rule.selectors)
    ]
    assert without == [], "a line that was missed as `yes`, the nearest innocent one as `no`"


@pytest.mark.parametrize("name", PACKS)
def test_every_pattern_can_be_used(name):
    for rule in rules.bundled(name, examples=True).rules:
        for pattern in rule.patterns:
            check.check_pattern(pattern, f"{name}.toml: [{rule.concept.name}]")


@pytest.mark.parametrize("name", PACKS)
def test_nothing_stands_there_twice(name):
    twice = []
    for group, concepts in raw(name).items():
        for concept, table in concepts.items():
            for key in ("patterns", "lines", "yes", "no"):
                values = table.get(key, [])
                twice += [f"[{group}.{concept}] {key}: {value}" for value in set(values) if values.count(value) > 1]
            twice += [
                f"[{group}.{concept}] yes and no: {value}"
                for value in set(table.get("yes", [])) & set(table.get("no", []))
            ]
    assert twice == []


# -- examples ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_yes_is_matched(name):
    missed = [
        f"{rule.where}: {text}"
        for rule in rules.bundled(name, examples=True).rules
        for text in rule.yes
        if not says(rule, text)
    ]
    assert missed == []


@pytest.mark.parametrize("name", PACKS)
def test_no_no_is_matched(name):
    matched = [
        f"{rule.where}: {text}"
        for rule in rules.bundled(name, examples=True).rules
        for text in rule.no
        if says(rule, text)
    ]
    assert matched == []


@pytest.mark.parametrize("name", PACKS)
def test_every_pattern_matches_a_yes(name):
    idle = [
        f"{pattern.where}: {pattern.text}"
        for rule in rules.bundled(name, examples=True).rules
        for pattern in rule.patterns
        if not any(pattern.compiled.search(text) for text in rule.yes)
    ]
    assert idle == []


@pytest.mark.parametrize("name", PACKS)
def test_no_yes_is_too_long_for_its_concept(name):
    long = [
        f"{rule.where}: {text}"
        for rule in rules.bundled(name, examples=True).rules
        for text in rule.yes
        if not rule.concept.min_words <= char_stats([text]).words[0] <= rule.concept.max_words
    ]
    assert long == []


# -- speed -------------------------------------------------------------------------------------------

#: What repeats in hostile texts and in broken ones; each is repeated to 20,000 characters.
UNITS = ("a", "1", "(-", "a ", "A. ", ": ", "1 / ")
LENGTH = 20_000


@pytest.mark.parametrize("name", PACKS)
def test_no_pattern_is_slow(name):
    slow = []
    for rule in rules.bundled(name, examples=True).rules:
        for pattern in rule.patterns:
            # A pattern meets only blocks that hold a cue of it, and as many words as its concept allows.
            cue = min(pattern.required.any_of) if pattern.required.any_of else ""
            for unit in (*UNITS, *rule.yes[:1]):
                run = " ".join(
                    (unit * (LENGTH // len(unit))).split(" ")[: rule.concept.max_words - char_stats([cue]).words[0]]
                )
                for text in (f"{cue} {run}", f"{run} {cue}") if unit != rule.yes[0] else (run,):
                    try:
                        pattern.compiled.search(text, timeout=2)
                    except TimeoutError:
                        slow.append(f"{pattern.where}: on runs of {unit!r}: {pattern.text}")
    assert slow == []


# -- in an article -----------------------------------------------------------------------------------

BEFORE = (
    "The harbour council of Ostra met on Tuesday to discuss the new breakwater that engineers had proposed for the northern bay.",
    "Residents who spoke at the meeting were divided over a plan that would close the old pier for at least two winters, and some of them left early.",
    '"We have waited eleven years for this wall," said Petra Solvang, 44, who runs a boatyard near the lighthouse. "Another study will not keep the water out."',
)
AFTER = (
    "The council has set aside four million crowns for the first part of the work, a sum that does not include the road along the shore.",
    "The vote was put off until the autumn, when a second study of the currents around the island is to be published.",
    "Work on the eastern wall, which was built in 1968, could begin next spring if the county agrees.",
)
EXAMPLES = [
    (rule.concept.name, rule)
    for name in ("en", "shared")
    for rule in rules.bundled(name, examples=True).rules
    if rule.yes or rule.no
]
SURE = [(f"{rule.where}", rule) for _, rule in EXAMPLES if rule.concept.strength in ("strong", "certain")]


def placed(text: str, zone: frozenset[str]) -> Block:
    """The block of a text that is put into an article where its concept speaks."""
    if "middle" in zone:
        lines = (*BEFORE, text, *AFTER)
    elif "tail" in zone:
        lines = (*BEFORE, *AFTER, text)
    else:
        lines = ("Ostra council puts off vote on breakwater", text, *BEFORE, *AFTER)
    doc = Cleaner().label("\n\n".join(lines), lang="en", kind="text")
    return next(block for block in doc.blocks if block.text == text)


@pytest.mark.parametrize("where, rule", SURE, ids=[where for where, _ in SURE])
def test_a_yes_in_an_article_is_told_from_it(where, rule):
    """Of concepts that are strong or certain; those that need a neighbour or a shape are tested with the engine."""
    if rule.concept.next or rule.concept.previous or rule.concept.requires:
        return
    body = rule.concept.label is Label.BODY
    found = [placed(text, rule.concept.zone) for text in rule.yes]
    wrong = [
        f"{block.label} {block.score:.2f}  {block.text}" for block in found if (block.label is Label.BODY) is not body
    ]
    assert wrong == [], f"{len(wrong)} of {len(found)} examples of {where}"


# What looks like the article's own and is not may go.
INNOCENT = [(rule.where, rule) for _, rule in EXAMPLES if rule.no and rule.concept.label is not Label.BODY]


@pytest.mark.parametrize("where, rule", INNOCENT, ids=[where for where, _ in INNOCENT])
def test_a_no_in_an_article_stays(where, rule):
    found = [placed(text, packs.ZONES) for text in rule.no]
    wrong = [
        f"{block.label} {block.score:.2f}  {block.text}" for block in found if block.label not in DEFAULT_KEEP["text"]
    ]
    assert wrong == [], f"{len(wrong)} of {len(found)} innocent lines of {where}"
