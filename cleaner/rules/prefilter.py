r"""Required literals of a regular expression: they tell quickly which texts a pattern cannot match.

A page has hundreds of blocks and a language hundreds of patterns. Looking for literals is quicker than running
patterns, so a pattern runs only on texts that hold the literals that it requires. The filter never changes what is
matched: a pattern with a construct that :mod:`cleaner.rules.regex_syntax` does not know requires no literals, and runs
on every text.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import regex

from cleaner.rules.regex_syntax import Branch, Item, UnknownSyntaxError, parse

#: Characters of the shortest literal. Single letters are in every text.
MIN_LENGTH: Final = 2
#: A set with more literals than this takes longer to look up, one by one, than the pattern takes to run.
MAX_CHECKED: Final = 24
#: A set with more literals than this is not used at all.
MAX_ALTERNATIVES: Final = 400
#: Members of a character class up to which each of them is a literal.
MAX_CLASS_MEMBERS: Final = 8
#: Characters of a prefix that are compared.
PREFIX_LENGTH: Final = 4

#: Characters that the ``regex`` package takes for equal where case is ignored, though their lower cases differ.
_VARIANTS: Final = tuple(
    zip("ıſµςϐϵϑϰϖϱϕ\u0345\u1fbe\u1fd3\u1fe3ẛﬅᲀᲁᲂᲃᲄᲅᲆᲇᲈ", "isμσβεθκπρφιιΐΰṡﬆвдосттъѣꙋ", strict=True)
)
#: Marks that are in nearly every text, and so tell nothing as literals of their own.
_COMMON_MARKS: Final = frozenset(" .,-–—'’\"“”:;!?\u00a0")
#: Of ``regex``, as patterns are: it knows newer digits and word characters than ``re``.
_DIGIT: Final = regex.compile(r"\d")
_WORD_CHARACTER: Final = regex.compile(r"\w")
_ASCII_DIGITS: Final = str.maketrans("123456789", "000000000")

#: Tuples, as packs hold tens of thousands of literals, and a set takes four times the memory.
Literals = tuple[str, ...]


class RequiredLiterals(NamedTuple):
    r"""What a text must hold for a pattern to match it. All literals are as :func:`lowered` returns them.

    ``any_of``: the text holds at least one of these. None if no such set is known.

    ``all_of``: of each of these sets the text holds at least one literal. The rarest set comes first.

    ``prefixes``: the text begins with one of these, not counting non-word characters. Only anchored patterns have them;
    None for all others. A pattern with prefixes is looked up by them. Without, it is looked up by ``any_of``, which is
    then left out of ``all_of``.

    >>> required_literals(r"^\W{0,3}with (?:your|the) (?:help|support)\b")
    RequiredLiterals(any_of=('with ',), all_of=(('with ',), ('help', 'support'), ('the', 'your')), prefixes=('with',))
    """

    any_of: Literals | None = None
    all_of: tuple[Literals, ...] = ()
    prefixes: Literals | None = None


def required_literals(pattern: str, lists: Mapping[str, Sequence[str]] | None = None) -> RequiredLiterals:
    r"""The literals that a pattern requires; ``lists`` are its named lists.

    >>> required_literals(r"\b(?:sign[ -]?up|subscribe)\b.{0,60}\bnewsletters?\b").any_of
    ('newsletter',)
    >>> required_literals(r"\d+ ?%").any_of
    ('%',)
    >>> required_literals(r"\w+\b.")
    RequiredLiterals(any_of=None, all_of=(), prefixes=None)
    """
    try:
        branches = parse(pattern, lists)
        any_of = _any_of(branches)
        prefixes = _anchored_prefixes(branches)
        every = _required_sets(branches[0]) if len(branches) == 1 else []
    except (UnknownSyntaxError, RecursionError):
        return RequiredLiterals()
    all_of = {literals for literals in every if len(literals) <= MAX_CHECKED}
    if prefixes is None and any_of is not None:
        all_of.discard(any_of)
    ordered = sorted((tuple(sorted(literals)) for literals in all_of), key=lambda each: (_rarity(each), each))
    return RequiredLiterals(None if any_of is None else tuple(sorted(any_of)), tuple(reversed(ordered)), prefixes)


def lowered(text: str) -> str:
    r"""The text in lower case and with every digit as 0; its length does not change.

    Characters that patterns take for equal are equal here.

    >>> lowered("NEWSLETTER ΟΔΟΣ İstanbul 24") == lowered("new\u017fletter οδος istanbul 99")
    True
    """
    if text.isascii():
        return text.lower().translate(_ASCII_DIGITS)
    text = _DIGIT.sub("0", text.replace("İ", "i").lower())  # the lower case of İ has two characters
    for variant, common in _VARIANTS:
        if variant in text:
            text = text.replace(variant, common)
    return text


# -- literals anywhere in the text -------------------------------------------------------------------


def _any_of(branches: Sequence[Branch]) -> frozenset[str] | None:
    """The literals of which every match of the alternatives holds one: the rarest set of each branch, together."""
    rarest = [max(_required_sets(branch), key=_rarity, default=None) for branch in branches]
    sets = [literals for literals in rarest if literals is not None]
    union = frozenset[str]().union(*sets)
    return union if len(sets) == len(branches) and len(union) <= MAX_ALTERNATIVES else None


def _required_sets(branch: Branch) -> list[frozenset[str]]:
    """Sets of literals; a match of the sequence holds at least one literal of each."""
    sets: list[frozenset[str] | None] = []
    literal = ""
    for item in branch:
        text = _literal_text(item)
        if text and not item.quantified:
            literal += text
            continue
        # A quantified character ends the literal, and belongs to it where it cannot be missing.
        sets.append(_literal_set(literal if item.optional else literal + text))
        sets.append(None if item.optional else _item_literals(item))
        literal = ""
    sets.append(_literal_set(literal))
    return [literals for literals in sets if literals is not None]


def _literal_text(item: Item) -> str:
    return "0" if item.source == r"\d" else item.text


def _item_literals(item: Item) -> frozenset[str] | None:
    r"""The literals of a group, a named list or a character class.

    >>> sorted(_item_literals(parse(r"(?:photo|image)")[0][0]))
    ['image', 'photo']
    """
    if item.branches:
        return _any_of(item.branches)
    if item.words:
        literals = frozenset(map(lowered, item.words))
        return literals if "" not in literals and len(literals) <= MAX_ALTERNATIVES else None
    return _class_members(item.source) if item.source.startswith("[") else None


def _literal_set(literal: str) -> frozenset[str] | None:
    """A literal as a set; None for one that would be found in every text."""
    if not literal:
        return None
    literal = lowered(literal)
    if len(literal.strip()) >= MIN_LENGTH:
        return frozenset({literal})
    mark = literal.strip()
    return frozenset({mark}) if mark and not mark.isalpha() and mark not in _COMMON_MARKS else None


def _class_members(source: str) -> frozenset[str] | None:
    """The members of a small character class of marks; None for one with ranges, escapes or letters."""
    members = re.sub(r"\\([^\w\s])", r"\1", source[1:-1])
    ranged = any(c.isalnum() or c in "\\^-&~" for c in members) or "||" in members or "[:" in members
    if ranged or not 0 < len(members) <= MAX_CLASS_MEMBERS or _COMMON_MARKS & set(members):
        return None
    return frozenset(lowered(members))


def _rarity(literals: Collection[str]) -> tuple[int, int]:
    """How rare it is that a text holds one of the literals: by the shortest of them, then by their number."""
    return min(map(_literal_rarity, literals)) - len(literals) // 40, -len(literals)


def _literal_rarity(literal: str) -> int:
    """How rare a literal is, in letters: a mark counts as three."""
    return min(len(literal), 6) if len(literal) > 1 or literal.isdigit() else 3


# -- literals at the beginning of the text -----------------------------------------------------------


def _anchored_prefixes(branches: Sequence[Branch]) -> Literals | None:
    r"""The prefixes of a pattern whose branches all begin with ``^``, or with ``^\W`` and a quantifier; None for
    others.
    """
    behind_anchor = []
    for branch in branches:
        if not branch or branch[0].source != "^" or branch[0].quantified:
            return None
        non_word = len(branch) > 1 and branch[1].source == r"\W"
        behind_anchor.append(branch[2 if non_word else 1 :])
    prefixes = _prefixes(behind_anchor)
    if not prefixes or not all(_WORD_CHARACTER.match(prefix) for prefix in prefixes):
        return None
    return tuple(sorted(set(map(lowered, prefixes))))


def _prefixes(branches: Sequence[Branch]) -> set[str] | None:
    """The literals with which the alternatives begin; None where one may begin with something else."""
    prefixes: set[str] = set()
    for branch in branches:
        of_branch = _branch_prefixes(branch)
        if of_branch is None:
            return None
        prefixes |= of_branch
    return prefixes


def _branch_prefixes(branch: Branch) -> set[str] | None:
    """The literals with which a sequence begins; None where it may begin with something else."""
    literal = ""
    for number, item in enumerate(branch):
        if len(literal) >= PREFIX_LENGTH:
            break
        if item.source == r"\b":
            continue
        choices = _item_prefixes(item)
        if item.optional and not literal:
            rest = _branch_prefixes(branch[number + 1 :])
            return None if choices is None or rest is None else choices | rest
        if item.optional or choices is None:
            break
        if item.quantified or not _literal_text(item):
            return {literal + choice for choice in choices}
        literal += _literal_text(item)
    return {literal[:PREFIX_LENGTH]} if literal else None


def _item_prefixes(item: Item) -> set[str] | None:
    """The literals with which an item begins; None where it may begin with something else, or be empty."""
    if item.branches:
        choices = _prefixes(item.branches)
    elif item.words:
        choices = set(item.words)
    else:
        text = _literal_text(item)
        choices = {text} if text else None
    return None if choices and "" in choices else choices
