r"""Required literals of a regular expression: they tell quickly which texts a pattern cannot match.

A page has hundreds of blocks and a language hundreds of patterns. Looking for literals is quicker than running
patterns, so a pattern runs only on texts that hold the literals that it requires. The filter never changes what is
matched: a pattern with a construct that :mod:`cleaner.rules.regex_syntax` does not know requires no literals, and runs
on every text.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import dropwhile
from typing import Final, NamedTuple

import numpy as np
import regex

from cleaner.rules.regex_syntax import Branch, Item, UnknownSyntaxError, parse
from cleaner.text.codepoints import Codes, codes_of
from cleaner.text.words import UNSPACED

#: Characters of the shortest literal. Single letters are in every text.
MIN_LENGTH: Final = 2
#: A set with more literals than this takes longer to look up, one by one, than the pattern takes to run.
MAX_CHECKED: Final = 40
#: A set with more literals than this is not used at all.
MAX_ALTERNATIVES: Final = 400
#: Members of a character class up to which each of them is a literal.
MAX_CLASS_MEMBERS: Final = 8
#: Repetitions of an item of which all strings are put together, at most.
MAX_REPEATS: Final = 4
#: Strings that are put together from those of items that follow each other, at most.
MAX_PRODUCT: Final = 64
#: Letters of a literal that is in many texts.
MAX_COMMON: Final = 3
#: Characters from which a literal is as rare as one can be, and from which a prefix is long enough.
MAX_RARITY: Final = 10
MAX_PREFIX: Final = 8

#: Characters that the ``regex`` package takes for equal where case is ignored, though their lower cases differ.
_VARIANTS: Final = tuple(
    zip("ıſµςϐϵϑϰϖϱϕ\u0345\u1fbe\u1fd3\u1fe3ẛﬅᲀᲁᲂᲃᲄᲅᲆᲇᲈ", "isμσβεθκπρφιιΐΰṡﬆвдосттъѣꙋ", strict=True)
)
#: Marks that are in nearly every text, and so tell nothing as literals of their own.
_COMMON_MARKS: Final = frozenset(" .,-–—'’\"“”:;!?\u00a0")
#: Escapes that stand for characters which are one in :func:`lowered` texts.
_SINGLE: Final = {r"\d": "0", r"\s": " "}
#: What a character class has besides its members: a range, a set operation, an escape of several characters.
_CLASS_SYNTAX: Final = re.compile(r"[^-]-[^-]|--|&&|~~|\|\||\[:|\\[^\Ws]")
_CLASS_MEMBER: Final = re.compile(r"\\?.", re.DOTALL)
_LENGTH: Final = re.compile(r"\^\(\?=\.\{(\d+),(\d+)\}\$\)")
_NON_WORD_CLASS: Final = re.compile(r"\[\^(?:[^\\\[\]&~|-]|\\[\Wds])*\\w(?:[^\\\[\]&~|-]|\\[\Wds])*\]")
#: Of ``regex``, as patterns are: it knows newer word characters than ``re``.
_WORD_CHARACTER: Final = regex.compile(r"\w")
#: White space, of which blocks have no-break spaces.
_SPACES: Final = (
    "\t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000"
)
#: The digit 0 in each script: the digits follow it. Of the ``regex`` package, which knows newer digits than ``str``.
_ZEROS: Final = (
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136,
    0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0,
    0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE,
    0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
)  # fmt: skip
#: Code points that have a form of their own in lowered texts are below this.
FOLDED_CODES: Final = 0x20000
_ASCII_FORMS: Final = str.maketrans("123456789\t\n\v\f\r", "000000000     ")

#: What makes a string of a pattern a literal: :func:`lowered`, or ``str`` where case counts.
Fold = Callable[[str], str]
#: Tuples, as packs hold tens of thousands of literals, and a set takes four times the memory.
Literals = tuple[str, ...]


class RequiredLiterals(NamedTuple):
    r"""What a text must hold for a pattern to match it. All literals are as :func:`lowered` returns them.

    ``any_of``: the text holds at least one of these. None if no such set is known.

    ``all_of``: of each of these sets the text holds at least one literal. The rarest set comes first.

    ``prefixes``: the text begins with one of these, not counting non-word characters. Only anchored patterns have them;
    None for all others. A pattern with prefixes is looked up by them. Without, it is looked up by ``any_of``, which is
    then left out of ``all_of``.

    ``exact``: of each of these sets the text itself, not lowered, holds at least one literal. A pattern whose other
    literals are in many texts is looked up by the first of these sets.

    ``length``: the text has so many characters, at least and at most. Only patterns that begin with such a lookahead
    (``^(?=.{36,260}$)``) have one.

    >>> required = required_literals(r"^\W{0,3}with\s(?:your|our)\s\w+ (?-i:AP|AFP)\b")
    >>> required.prefixes, required.all_of, required.exact
    (('with our', 'with your'), (('with our ', 'with your '), (' afp', ' ap')), (('AFP', 'AP'),))
    """

    any_of: Literals | None = None
    all_of: tuple[Literals, ...] = ()
    prefixes: Literals | None = None
    exact: tuple[Literals, ...] = ()
    length: tuple[int, int] | None = None


def required_literals(pattern: str, lists: Mapping[str, Sequence[str]] | None = None) -> RequiredLiterals:
    r"""The literals that a pattern requires; ``lists`` are its named lists.

    >>> required_literals(r"\b(?:sign[ -]?up|subscribe)\b.{0,60}\bnewsletters?\b").any_of
    ('newsletter',)
    >>> required_literals(r"\d+ ?%").any_of
    ('0 %', '0%')
    >>> required_literals(r"\w+\b.") == RequiredLiterals()
    True
    """
    try:
        branches = parse(pattern, lists)
        any_of = _any_of(branches)
        prefixes = _anchored_prefixes(branches)
        every = _required_sets(branches[0]) if len(branches) == 1 else []
        exact = tuple(_exact_sets(branches[0])) if len(branches) == 1 else ()
    except (UnknownSyntaxError, RecursionError):
        return RequiredLiterals()
    all_of = {literals for literals in every if len(literals) <= MAX_CHECKED}
    if prefixes is None and any_of is not None:
        all_of.discard(any_of)
    ordered = sorted((tuple(sorted(literals)) for literals in all_of), key=lambda each: (_rarity(each), each))
    bounds = _LENGTH.match(pattern) if len(branches) == 1 else None
    return RequiredLiterals(
        None if any_of is None else tuple(sorted(any_of)),
        tuple(reversed(ordered)),
        prefixes,
        exact,
        (int(bounds[1]), int(bounds[2])) if bounds else None,
    )


def lowered(text: str) -> str:
    r"""The text in lower case, with every digit as 0 and all white space as spaces; its length does not change.

    Characters that patterns take for equal are equal here.

    >>> lowered("NEWSLETTER ΟΔΟΣ İstanbul 24") == lowered("new\u017fletter οδος\u00a0istanbul 99")
    True
    """
    if text.isascii():
        return text.lower().translate(_ASCII_FORMS)
    codes = codes_of(text)
    forms = _forms().take(codes, mode="clip")  # an eighth of the time that it takes to substitute digits in the text
    if codes.max() >= FOLDED_CODES:
        forms = np.where(codes < FOLDED_CODES, forms, codes)
    return forms.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _forms() -> Codes:
    """The form in :func:`lowered` texts of each code point below ``FOLDED_CODES``: ``(FOLDED_CODES,) uint32``."""
    characters = np.arange(FOLDED_CODES, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    lower = characters.replace("İ", "i").lower()  # the lower case of İ has two characters
    for variant, common in _VARIANTS:
        lower = lower.replace(variant, common)
    forms = codes_of(lower).copy()
    forms[np.add.outer(_ZEROS, np.arange(10))] = ord("0")
    forms[[ord(space) for space in _SPACES]] = ord(" ")
    return forms


# -- literals anywhere in the text -------------------------------------------------------------------


def _any_of(branches: Sequence[Branch], fold: Fold = lowered) -> frozenset[str] | None:
    """The literals of which every match of the alternatives holds one: the rarest set of each branch, together."""
    rarest = [max(_required_sets(branch, fold), key=_rarity, default=None) for branch in branches]
    sets = [literals for literals in rarest if literals is not None]
    union = frozenset[str]().union(*sets)
    return union if len(sets) == len(branches) and len(union) <= MAX_ALTERNATIVES else None


def _required_sets(branch: Branch, fold: Fold = lowered) -> list[frozenset[str]]:
    r"""Sets of literals; a match of the sequence holds at least one literal of each.

    Strings that follow each other are one literal: of ``(?:sign|log)\sup`` these are "sign up" and "log up".
    """
    sets: list[frozenset[str] | None] = []
    current = {""}  # all strings that may stand before the next item, since the last item with too many of them
    for item in branch:
        choices = _strings(item, fold)
        if item.is_empty:
            sets += [_any_of(item.looked_for, fold)] if item.looked_for and not item.quantified else []
        elif choices is not None:
            longer = _product(current, choices)
            if longer is None:
                sets.append(_literal_set(current, fold))
            current = choices if longer is None else longer
        elif not item.optional and (once := _once(item, fold)) is not None:
            sets.append(_literal_set(_product(current, once) or current, fold))
            current = once  # what follows stands behind the last repetition
        else:
            sets.append(_literal_set(current, fold))
            sets += [_any_of(item.branches, fold)] if item.branches and not item.optional else []
            current = {""}
    sets.append(_literal_set(current, fold))
    return [literals for literals in sets if literals is not None]


def _product(before: set[str], behind: set[str]) -> set[str] | None:
    """Each string of the one with each of the other behind it; None for too many."""
    return {a + b for a in before for b in behind} if len(before) * len(behind) <= MAX_PRODUCT else None


def _strings(item: Item, fold: Fold) -> set[str] | None:
    """All strings that an item can match; None where there are too many, or nobody knows."""
    once = _once(item, fold)
    if once is None or once == {""} or not item.repeats:  # a position that is repeated is still no string
        return once | {""} if once and item.optional else once
    if item.most is None or item.most > MAX_REPEATS:
        return None
    repeated: set[str] | None = {""}
    strings = {""} if item.least == 0 else set[str]()
    for number in range(1, item.most + 1):
        repeated = _product(repeated, once) if repeated else None
        if repeated is None:
            return None
        strings |= repeated if number >= item.least else set()
    return strings


def _once(item: Item, fold: Fold) -> set[str] | None:
    """All strings that one repetition of an item can match; None where there are too many, or nobody knows."""
    strings: set[str] | None = None
    if item.is_empty:
        strings = {""}
    elif item.branches:
        strings = _strings_of_branches(item.branches, fold)
    elif item.words:
        strings = set(item.words)
    elif item.text:
        strings = {item.text}
    elif item.source.startswith("["):
        strings = _class_members(item.source)
    elif item.source in _SINGLE:
        strings = {_SINGLE[item.source]}
    if strings is None or len(strings) > MAX_ALTERNATIVES:
        return None
    # Where case counts, literals are looked for in texts with all of their digits and spaces.
    is_lowered_class = item.source in _SINGLE or (item.source.startswith("[") and " " in strings)
    return None if is_lowered_class and fold is not lowered else strings


def _strings_of_branches(branches: Sequence[Branch], fold: Fold) -> set[str] | None:
    """All strings that the alternatives can match; None where there are too many, or nobody knows."""
    strings: set[str] = set()
    for branch in branches:
        of_branch: set[str] | None = {""}
        for item in branch:
            choices = _strings(item, fold)
            of_branch = None if choices is None or of_branch is None else _product(of_branch, choices)
        if of_branch is None:
            return None
        strings |= of_branch
    return strings


def _literal_set(strings: Collection[str], fold: Fold) -> frozenset[str] | None:
    """The strings as literals; None where one of them would be found in every text."""
    literals = frozenset(map(fold, strings))
    if len(literals) > MAX_ALTERNATIVES or not all(map(_tells_something, literals)):
        return None
    if len(literals) > MAX_PRODUCT:
        return literals
    return frozenset(one for one in literals if not any(other in one for other in literals if other != one))


def _tells_something(literal: str) -> bool:
    """Whether a literal is in few texts: it has some letters, or a mark that is rare."""
    mark = literal.strip()
    if len(mark) >= MIN_LENGTH or UNSPACED.match(mark):
        return True
    return bool(mark) and not mark.isalpha() and mark not in _COMMON_MARKS


def _class_members(source: str) -> set[str] | None:
    """The members of a small character class; None for one with ranges, or with escapes other than white space."""
    inner = source[1:-1]
    if inner.startswith("^") or _CLASS_SYNTAX.search(inner):
        return None
    members = {member.removeprefix("\\") if member != r"\s" else " " for member in _CLASS_MEMBER.findall(inner)}
    return members if 0 < len(members) <= MAX_CLASS_MEMBERS else None


def _rarity(literals: Collection[str]) -> tuple[int, int]:
    """How rare it is that a text holds one of the literals: by the shortest of them, then by their number."""
    return min(map(_literal_rarity, literals)) - len(literals) // 40, -len(literals)


def is_common(literals: Collection[str]) -> bool:
    """Whether many texts hold one of the literals: one of them has three letters or less."""
    return _rarity(literals)[0] <= MAX_COMMON


def _literal_rarity(literal: str) -> int:
    """How rare a literal is, in letters, without the spaces around it, as every word has them: a single mark counts as
    three, and so does a letter of a script without spaces.
    """
    word = literal.strip()
    if len(word) == 1 and not word.isalnum():
        return 3
    return min(len(word) + 2 * len(UNSPACED.findall(word)), MAX_RARITY)


# -- literals in the same case -----------------------------------------------------------------------


def _exact_sets(branch: Branch) -> Iterator[Literals]:
    """The sets of literals that a match holds in the same case: those of groups in which case counts."""
    for item in branch:
        if item.source.startswith("(?-i:") and "(?i" not in item.source and not item.optional:
            literals = _any_of(item.branches, str)
            if literals is not None and len(literals) <= MAX_PRODUCT and all(len(each) > 1 for each in literals):
                yield tuple(sorted(literals))


# -- literals at the beginning of the text -----------------------------------------------------------


def _anchored_prefixes(branches: Sequence[Branch]) -> Literals | None:
    """The prefixes of a pattern whose branches all begin with ``^`` and maybe marks; None for others."""
    behind_anchor = []
    for branch in branches:
        if not branch or branch[0].source != "^" or branch[0].quantified:
            return None
        behind_anchor.append(tuple(dropwhile(_is_non_word, branch[1:])))
    prefixes = _prefixes(behind_anchor)
    if not prefixes or not all(_WORD_CHARACTER.match(prefix) for prefix in prefixes):
        return None
    shortest: list[str] = []
    for prefix in sorted(set(map(lowered, prefixes))):
        if not (shortest and prefix.startswith(shortest[-1])):
            shortest.append(prefix)
    return tuple(shortest)


def _is_non_word(item: Item) -> bool:
    r"""Whether an item matches nothing but characters that are no word characters: ``\W``, ``\s``, marks, classes."""
    if item.is_empty or item.source in {r"\W", r"\s"} or _NON_WORD_CLASS.fullmatch(item.source):
        return True
    members = _class_members(item.source) if item.source.startswith("[") else {item.text}
    return members is not None and all(member and not any(map(_WORD_CHARACTER.match, member)) for member in members)


def _prefixes(branches: Sequence[Branch]) -> set[str] | None:
    """The strings with which the alternatives begin; None where one may begin with something else."""
    prefixes: set[str] = set()
    for branch in branches:
        of_branch = _branch_prefixes(branch)
        if of_branch is None:
            return None
        prefixes |= of_branch
    return prefixes if len(prefixes) <= MAX_ALTERNATIVES else None


def _branch_prefixes(branch: Branch) -> set[str] | None:
    """The strings with which a sequence begins; None where it may begin with something else."""
    prefixes = {""}
    for number, item in enumerate(branch):
        choices = _strings(item, lowered)
        ends_here = choices is None
        if choices is None:
            begins = _prefixes(item.branches) if item.branches else _once(item, lowered)
            rest = _branch_prefixes(branch[number + 1 :]) if item.optional else set[str]()
            choices = None if begins is None or rest is None else (begins - {""}) | rest
        longer = None if choices is None else _product(prefixes, choices)
        if longer is None or (prefixes != {""} and min(map(len, prefixes)) >= MAX_PREFIX):
            break
        prefixes = longer
        if ends_here:
            break
    return None if "" in prefixes else prefixes
