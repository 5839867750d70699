"""Which rules hold for a source: those of every language, of its language, and of the user's packs for its site."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final
from urllib.parse import urlsplit

from cleaner.rules.compiled_index import read_index
from cleaner.rules.index import PackIndex, RuleIndex, pack_index
from cleaner.rules.packs import bundled, languages
from cleaner.rules.schema import Pack
from cleaner.text.data_files import read_data

#: Rule indexes that are kept: one per language and set of packs.
MAX_INDEXES: Final = 64


@lru_cache(maxsize=MAX_INDEXES)
def rule_index(lang: str, packs: tuple[Pack, ...] = ()) -> RuleIndex:
    """The rules for a language: the shared ones, its own, and English, which stands on pages of every language."""
    names = ["shared", *(name for name in dict.fromkeys((lang, "en")) if name in languages())]
    return RuleIndex(packs, [bundled_index(name) for name in names])


@cache
def bundled_index(name: str) -> PackIndex:
    """The index of a pack of the library: ``shared``, or that of a language."""
    return read_index(name, read_data("cleaner.rules", f"data/{name}.toml")) or pack_index(bundled(name))


def packs_for_site(packs: Sequence[Pack], url: str) -> tuple[Pack, ...]:
    """The packs that hold on the site of an address."""
    if not packs:
        return ()
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:
        host = ""
    return tuple(pack for pack in packs if pack.holds_for(host))


def rule_names(packs: Sequence[Pack]) -> frozenset[str]:
    """The names of the rules of packs, as :attr:`cleaner.Evidence.rule` has them."""
    return frozenset(rule.where for pack in packs for rule in pack.rules)
