"""The formulas of a page, made readable in its tree: one form of each, and signs where only the layout shows what is
meant.

As text, a fraction or an index loses its place: a half becomes "12". So the signs of plain mathematics are put between
the parts of MathML. Where the source of a formula in TeX stands beside it, the source alone stays. KaTeX and MathJax
leave several forms of a formula in a page, of which a browser shows one.
"""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Final

from selectolax.lexbor import LexborNode

from cleaner.segment.hostile import Tags
from cleaner.segment.html_signs import first_text
from cleaner.segment.html_tags import BREAK_OUT

#: The source of a formula in TeX as MathJax 2 keeps it.
_SCRIPTS: Final = 'script[type^="math/tex"]'
#: Bytes from the beginning of a script in which its type stands.
_TYPE_AT: Final = 200
#: How the classes begin of what MathJax 2 puts before its script.
_OF_MATHJAX: Final = ("MathJax", "mjx-")
#: What KaTeX and MathJax 2 draw of a formula beside its MathML, which is for screen readers.
_DRAWN: Final = ".katex-mathml + .katex-html, .MathJax > nobr[aria-hidden]:has(+ .MJX_Assistive_MathML)"

#: Blocks of a page in a formula.
_SWALLOWED: Final = ", ".join(f"semantics {tag}" for tag in sorted(BREAK_OUT))

#: The signs before the second part of an element, and before those that follow.
_SIGNS: Final = {
    "mfrac": "/",
    "msub": "_",
    "msup": "^",
    "msubsup": "_^",
    "munder": "_",
    "mover": "^",
    "munderover": "_^",
}
#: The same between the parts of these.
_BETWEEN: Final = {"mtd": ", ", "mtr": "; "}
#: Accents and primes stand behind their letter without a sign.
_SCRIPTS_WITHOUT_SIGN: Final = frozenset("'′″‴*†°")
_ACCENTED: Final = frozenset({"munder", "mover", "munderover"})
_TOKENS: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})
#: Elements with nothing but each other in them that are looked at to find a token.
_MAX_WRAPPERS: Final = 8


def make_readable(root: LexborNode, tags: Tags) -> None:
    """Change the formulas in the tree of a source; ``tags`` are its tags, which show what it has."""
    if len(tags.named(b"math")):
        _keep_one_form(root)
        _add_signs(root)
    if any(tags.data.find(b"math/tex", at, at + _TYPE_AT) >= 0 for at in tags.named(b"script").tolist()):
        _read_scripts(root)


def _keep_one_form(root: LexborNode) -> None:
    """Of the forms of a formula keep its source in TeX, or else the first.

    All stay where one was never closed, and holds blocks of the page. From the last element backwards, as what is in an
    element that is taken out does not exist any more.
    """
    if root.css_first(_SWALLOWED) is not None:
        return
    for semantics in reversed(root.css("semantics")):
        forms = _elements(semantics)
        kept = next(filter(_is_tex, forms), None) or next(iter(forms), None)
        for form in forms:
            if form is not kept:
                form.decompose()
    for drawn in reversed(root.css(_DRAWN)):
        drawn.decompose()


def _is_tex(form: LexborNode) -> bool:
    return form.tag == "annotation" and form.attributes.get("encoding") == "application/x-tex"


def _read_scripts(root: LexborNode) -> None:
    """Put the TeX of MathJax's scripts in the place of the scripts, and of what MathJax put before them."""
    for script in root.css(_SCRIPTS):
        source = script.text().strip()
        while source and (drawn := _element_before(script)) is not None and _is_of_mathjax(drawn):
            drawn.decompose()
        script.replace_with(source)


def _is_of_mathjax(element: LexborNode) -> bool:
    return (element.attributes.get("class") or "").startswith(_OF_MATHJAX)


def _add_signs(root: LexborNode) -> None:
    """Put the signs of plain mathematics between the parts of formulas."""
    for node in root.css(", ".join(_SIGNS)):
        tag, parts = node.tag or "", _elements(node)
        for part, sign in zip(parts[1:], _SIGNS[tag], strict=False):
            if not _stands_without_sign(part, accents=tag in _ACCENTED):
                part.insert_before(sign)
                _group(part)
        if tag == "mfrac" and parts:
            _group(parts[0])
        _part_from_next(node)
    for node in root.css("msqrt, mroot"):
        _add_root(node, _elements(node))
    for node in root.css("mfenced"):
        _fence(node, _elements(node))
    for node in root.css(", ".join(_BETWEEN)):
        if node.next is not None:
            node.insert_after(_BETWEEN[node.tag or ""])
    for node in root.css("mi, mo"):
        name = node.text().strip()
        if len(name) > 1 and name.isalpha():  # a function: "sin x"
            _part_from_next(node)


def _add_root(node: LexborNode, parts: Sequence[LexborNode]) -> None:
    """A root, or the power that a root of another degree is."""
    if not parts:
        return
    if node.tag == "mroot":
        _group(parts[0])
        parts[-1].insert_before("^(1/")
        parts[-1].insert_after(")")
    else:
        is_token = len(parts) == 1 and _token(parts[0]) is not None
        parts[0].insert_before("√" if is_token else "√(")
        parts[-1].insert_after("" if is_token else ")")
    _part_from_next(node)


def _fence(node: LexborNode, parts: Sequence[LexborNode]) -> None:
    """The brackets and commas that are the attributes of an element."""
    attributes = {"open": "(", "close": ")", "separators": ",", **node.attributes}
    separators = "".join((attributes["separators"] or "").split())[: len(parts)]
    for part, separator in zip(parts[1:], chain(separators, repeat(separators[-1:])), strict=False):
        part.insert_before(separator)
    if parts:
        parts[0].insert_before(attributes["open"] or "")
        parts[-1].insert_after(attributes["close"] or "")


def _group(part: LexborNode) -> None:
    """Put a part of several tokens into brackets."""
    if _token(part) is None:
        part.insert_before("(")
        part.insert_after(")")


def _part_from_next(node: LexborNode) -> None:
    """Put a space behind a node where a letter or digit follows."""
    following = node.next
    if following is not None and first_text(following)[:1].isalnum():
        node.insert_after(" ")


def _stands_without_sign(script: LexborNode, *, accents: bool) -> bool:
    """Whether a script is a prime or, where ``accents`` may stand, an accent."""
    token = _token(script)
    if token is None:
        return False
    return token.text().strip() in _SCRIPTS_WITHOUT_SIGN or (accents and token.tag == "mo")


def _token(part: LexborNode) -> LexborNode | None:
    """The token that is all of a part of a formula; None where it has several."""
    for _ in range(_MAX_WRAPPERS):
        if part.tag in _TOKENS:
            return part
        inner = _elements(part)
        if len(inner) != 1:
            return None
        part = inner[0]
    return None


def _elements(node: LexborNode) -> list[LexborNode]:
    """The elements directly in a node."""
    found: list[LexborNode] = []
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            found.append(child)
        child = child.next
    return found


def _element_before(node: LexborNode) -> LexborNode | None:
    """The element before a node; None where text stands between."""
    before = node.prev
    while before is not None and before.is_text_node and before.is_empty_text_node:
        before = before.prev
    return before if before is not None and before.is_element_node else None
