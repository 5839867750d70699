"""``clean()``, ``label()`` and ``Cleaner``: what users call. The work is done in :mod:`cleaner.pipeline`."""

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

from cleaner.document import Document, Label, Metadata
from cleaner.policy import Policy, Request, Witness
from cleaner.reading.source import MAX_SIZE, Kind

if TYPE_CHECKING:
    from cleaner.rules.packs import Pack


class Cleaner:
    """A policy for cleaning; immutable, picklable, and safe to share between threads.

    ``keep`` names the labels to keep instead of the default (body; from text also title, sidebar and note).
    ``threshold`` from 0 to 1 moves the bar between body and residue: higher removes more. ``packs`` are paths of
    rule packs of your own, or packs that :func:`cleaner.rules.parse` made. ``witness`` says when trafilatura is asked
    as well: on no page, on those of which the model is ``"unsure"`` (8 in 100), or ``"always"``. On unseen sites
    "unsure" gained .002 of word F1, which is within noise, for half as much time again: so it is off.

    Raises :class:`PackError` for a pack that cannot be used, ``ValueError`` for a bad option.

    >>> Cleaner(keep=["body", "caption"]).clean("Photo: Ann Lee / Reuters")
    'Photo: Ann Lee / Reuters'
    """

    __slots__ = ("_policy",)

    def __init__(  # noqa: PLR0913 each is an option of its own
        self,
        *,
        keep: Collection[Label | str] | None = None,
        also_keep: Collection[Label | str] = (),
        drop: Collection[Label | str] = (),
        threshold: float = 0.5,
        packs: "Sequence[Path | str | Pack]" = (),
        max_size: int = MAX_SIZE,
        witness: Witness = "never",
    ) -> None:
        if not 0 < threshold < 1:
            raise ValueError(f"threshold is between 0 and 1, not {threshold!r}")
        if keep is not None and (also_keep or drop):
            raise ValueError("keep replaces the default; also_keep and drop change it: pass one or the other")
        if not isinstance(max_size, int) or max_size < 1:
            raise ValueError(f"max_size is a number of bytes or characters, 1 or more, not {max_size!r}")
        if witness not in get_args(Witness):
            raise ValueError(f"witness is one of {', '.join(get_args(Witness))}, not {witness!r}")
        self._policy = Policy(
            None if keep is None else _labels("keep", keep),
            _labels("also_keep", also_keep),
            _labels("drop", drop),
            threshold,
            _read(packs),
            max_size,
            witness,
        )

    def clean(self, source: Any, *, url: str | None = None, lang: str | None = None, kind: Kind = "auto") -> str:
        """The article's own text; "" when nothing is body. The same as ``label(source).text``."""
        from cleaner import pipeline  # numpy, regex and the weights: importing the library costs none of it

        check_lang(lang)
        return pipeline.clean(Request(source, url, lang, kind), self._policy)

    def label(self, source: Any, *, url: str | None = None, lang: str | None = None, kind: Kind = "auto") -> Document:
        """Every block of a source with its label, its score and the evidence.

        ``source`` is HTML or text as str or bytes, a BeautifulSoup object or an lxml element. ``url`` chooses site
        rules, ``lang`` (an ISO 639-1 code) the packs; ``kind`` says what the source is where it should not be guessed.

        Raises ``TypeError`` for another type of source, ``ValueError`` for another kind, :class:`InputTooLarge` for a
        source over ``max_size``; nothing for what is in a source.
        """
        from cleaner import pipeline

        check_lang(lang)
        return pipeline.label(Request(source, url, lang, kind), self._policy)

    def metadata(self, source: Any, *, kind: Kind = "auto") -> Metadata:
        """What a page says of itself: title, author, date, site, description, address; "" for what it does not.

        What its head and JSON-LD do not say trafilatura looks for in the page, which costs more than all the rest:
        so :attr:`Document.metadata` has the head's word alone. Raises as :meth:`label` does.
        """
        from cleaner import pipeline

        return pipeline.metadata(Request(source, None, None, kind), self._policy)

    def unmatched(self, documents: Iterable[Document]) -> list[str]:
        """The rules of your own packs that no evidence in the documents comes from: misspelt, or no longer needed."""
        seen = {e.rule.split("[")[0] for doc in documents for block in doc.blocks for e in block.evidence}
        return sorted({rule.where for pack in self._policy.packs for rule in pack.rules} - seen)

    def __repr__(self) -> str:
        keep = self._policy.keep and sorted(self._policy.keep)
        return f"Cleaner(keep={keep}, threshold={self._policy.threshold}, packs={len(self._policy.packs)})"


def _read(packs: "Sequence[Path | str | Pack]") -> "tuple[Pack, ...]":
    if not packs:
        return ()
    from cleaner.rules import packs as rule_packs

    return tuple(pack if isinstance(pack, rule_packs.Pack) else rule_packs.read(pack) for pack in packs)


def check_lang(lang: str | None) -> None:
    """Raise ``ValueError`` unless ``lang`` is empty or an ISO 639-1 code, which a region may follow."""
    if lang and not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", lang):
        raise ValueError(f"lang is an ISO 639-1 code such as 'en', not {lang!r}")


def _labels(option: str, names: Collection[Label | str]) -> frozenset[Label]:
    if isinstance(names, str):
        raise ValueError(f"{option} is a collection of labels, not a string")  # noqa: TRY004 a bad option is a ValueError
    return frozenset(_label(name) for name in names)


def _label(name: Label | str) -> Label:
    try:
        return Label(name)
    except ValueError:
        raise ValueError(f"{name!r} is no label; labels are {', '.join(Label)}") from None


_DEFAULT: Final = Cleaner()


def clean(source: Any, *, url: str | None = None, lang: str | None = None, kind: Kind = "auto") -> str:
    r"""The article's own text, without captions, pleas, bios, menus and the like; "" when nothing is body.

    >>> clean("The council voted on Tuesday, the mayor said.\n\nSign up for our daily newsletter.")
    'The council voted on Tuesday, the mayor said.'
    """
    return _DEFAULT.clean(source, url=url, lang=lang, kind=kind)


def label(source: Any, *, url: str | None = None, lang: str | None = None, kind: Kind = "auto") -> Document:
    """Every block of a source with its label, its score and the evidence; see :meth:`Cleaner.label`."""
    return _DEFAULT.label(source, url=url, lang=lang, kind=kind)
