"""The bundled packs: their form, their examples alone and inside an article, and the speed of their patterns.

``cleaner/rules/check.py`` says what an example must become.
"""

import tomllib
from functools import cache, partial
from importlib import resources

import pytest

from cleaner import Document, Label, label, rules
from cleaner.rules import check

PACKS = ("shared", *rules.languages())
DATA = resources.files("cleaner").joinpath("rules", "data")

#: Examples that fail inside an article, by rule and text, with the reason. One that holds must leave the list.
FAILING_IN_ARTICLE = {
    ("fa:author.bio", "* استاد دانشگاه و پژوهشگر تاریخ"): (
        "in a text the asterisk is the mark of a list item, which patterns do not see; in HTML they do"
    ),
    ("ko:note.editor", "※ 이 인터뷰는 서면으로 진행됐습니다"): (
        "in a text the reference mark is the mark of a list item, which patterns do not see; in HTML they do"
    ),
}


@cache
def tables(name: str) -> dict[str, dict[str, list[str]]]:
    """The tables of a pack's file, by concept."""
    raw = tomllib.loads(DATA.joinpath(f"{name}.toml").read_text("utf-8"))
    return {f"{group}.{name}": table for group in Label for name, table in raw.get(group, {}).items()}


def pack_rules(name: str) -> tuple[rules.Rule, ...]:
    return rules.bundled(name, examples=True).rules


# -- form --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_names_known_concepts_and_its_language(name):
    assert {rule.concept.name for rule in pack_rules(name)} - rules.concepts().keys() == set()
    assert rules.bundled(name).language == ("" if name == "shared" else name)


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_has_examples(name):
    without = [
        rule.where
        for rule in pack_rules(name)
        if ((rule.patterns or rule.lines) and not (rule.yes and rule.no))
        or not (rule.patterns or rule.lines or rule.selectors)
    ]
    assert without == [], "`yes` is a line that was missed, `no` the most similar line of an article"


@pytest.mark.parametrize("name", PACKS)
def test_no_value_stands_twice(name):
    twice = []
    for concept, table in tables(name).items():
        for key in ("patterns", "lines", "yes", "no"):
            values = table.get(key, [])
            twice += [f"[{concept}] {key}: {value}" for value in set(values) if values.count(value) > 1]
        twice += [f"[{concept}] yes and no: {value}" for value in set(table.get("yes", [])) & set(table.get("no", []))]
    assert twice == []


# -- patterns and examples by themselves ---------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_pattern_compiles_and_matches_no_empty_text(name):
    for rule in pack_rules(name):
        for pattern in rule.patterns:
            check.check_pattern(pattern, f"{name}.toml: [{rule.concept.name}]")


@pytest.mark.parametrize("name", PACKS)
def test_every_example_holds_by_itself(name):
    failures = [f"{failure.rule}: {failure}" for rule in pack_rules(name) for failure in check.example_failures(rule)]
    assert failures == []


@pytest.mark.parametrize("name", PACKS)
def test_every_pattern_matches_a_yes(name):
    unused = [
        f"{pattern.where}: {pattern.text}" for rule in pack_rules(name) for pattern in check.patterns_without_yes(rule)
    ]
    assert unused == []


@pytest.mark.parametrize("name", PACKS)
def test_no_pattern_is_slow(name):
    """By the limits that hold for the packs of users."""
    is_slow = partial(check.slow_inputs, length=check.LOAD_LENGTH, seconds=check.LOAD_SECONDS)
    slow = [
        f"{pattern.where} on {attack}: {pattern.text}"
        for rule in pack_rules(name)
        for pattern in rule.patterns
        for attack in is_slow(pattern, rule.yes)
    ]
    assert slow == []


# -- examples inside an article ------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_the_examples_of_a_pack_hold_in_an_article(name):
    language = "en" if name == "shared" else name
    tried = []

    def label_text(source: str) -> Document:
        tried.append(source)
        return label(source, lang=language, kind="text")

    article = check.articles()[language]
    failures = [each for rule in pack_rules(name) for each in check.article_failures(rule, label_text, article)]
    listed = {(rule, text) for rule, text in FAILING_IN_ARTICLE if rule.startswith(f"{name}:")}
    assert tried
    assert [f"{each.rule}: {each}" for each in failures if (each.rule, each.text) not in listed] == []
    holding = listed - {(each.rule, each.text) for each in failures}
    assert holding == set(), "examples that hold now must leave FAILING_IN_ARTICLE"
