"""The attributes of an element: its tokens, whether it is hidden, the language of code that it names."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

#: Characters of an attribute that are read. Longer ones are data, and cost time.
MAX_ATTRIBUTE: Final = 2_000
#: Characters of a class or id that are kept.
MAX_TOKEN: Final = 100

#: The attributes that give an element tokens, and the prefix of these.
TOKEN_PREFIXES: Final = {
    "class": ".",
    "id": "#",
    "role": "@",
    "itemprop": "%",
    "data-component": "~",
    "data-testid": "~",
    "data-qa": "~",
    "data-type": "~",
    "data-module": "~",
}
#: Attributes that may hide an element.
HIDING_NAMES: Final = frozenset({"hidden", "aria-hidden", "style"})
#: Attributes that are read of any element beside its class: one of five elements has one of them.
OTHER_NAMES: Final = frozenset(TOKEN_PREFIXES) - {"class"} | HIDING_NAMES
_HIDDEN: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_LANGUAGE_NAME: Final = re.compile(r"[a-z][a-z0-9+#_.-]{0,29}")
_LANGUAGE: Final = re.compile(r"\.(?:language|lang|highlight-source|highlight)-([a-z][a-z0-9+#_-]{0,29})")
#: Names in the place of a language that name none.
NO_LANGUAGE: Final = frozenset("default none text plain plaintext nohighlight notranslate container wrapper".split())

#: The attributes of an element as parsers give them. The value of one that has none is None.
Attributes = Mapping[str, str | None]


def all_tokens(attrs: Attributes) -> str:
    """The tokens of an element, in the order of its attributes, each behind a space."""
    values = attrs.items()
    return "".join([tokens_of(TOKEN_PREFIXES[name], value) for name, value in values if name in TOKEN_PREFIXES])


def tokens_of(prefix: str, names: str | None) -> str:
    """The tokens of an attribute that holds names, each behind a space.

    >>> tokens_of(".", "Lead big")
    ' .lead .big'
    """
    if not names:
        return ""
    if len(names) > MAX_TOKEN:
        names = " ".join([name[:MAX_TOKEN] for name in names[:MAX_ATTRIBUTE].lower().split()])
    return f" {prefix}".join(["", *names.lower().split()])


def is_hidden(attrs: Attributes) -> bool:
    """Whether an element has an attribute that hides it."""
    if "hidden" in attrs or (attrs.get("aria-hidden") or "").lower() == "true":
        return True
    style = attrs.get("style") or ""
    return len(style) > 0 and _HIDDEN.search(style[:MAX_ATTRIBUTE]) is not None


def with_values(attrs: Attributes) -> Mapping[str, str]:
    """The attributes, with an empty value of those that have none."""
    return {name: value or "" for name, value in attrs.items()} if None in attrs.values() else attrs  # type: ignore[return-value]


def stated_language(attrs: Mapping[str, str]) -> str | None:
    """The language of code that an element states in an attribute for it; "" for what is no name of a language, None
    where it has no such attribute.
    """
    language = (attrs.get("data-lang", "") or attrs.get("data-language", "")).lower()
    if not language:
        return None
    return language[:MAX_TOKEN] if _LANGUAGE_NAME.fullmatch(language) else ""


def language_of(tokens: Iterable[str]) -> str:
    """The language of code that the tokens of an element name; "" for none."""
    named = (_LANGUAGE.fullmatch(token) for token in tokens)
    return next((match[1] for match in named if match and match[1] not in NO_LANGUAGE), "")
