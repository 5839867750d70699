"""``clean()``, ``label()`` and ``Cleaner``: what users call. The work is done in :mod:`cleaner.pipeline`."""

from collections.abc import Collection, Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Final, cast, get_args

from cleaner.decision.policy import Policy, Witness
from cleaner.document import Document, Label, Metadata
from cleaner.errors import PackError
from cleaner.pruning.result import Pruned, TreeT
from cleaner.reading.request import Request
from cleaner.reading.source import MAX_SIZE, Kind, read

if TYPE_CHECKING:
    from cleaner.memory import SiteMemory
    from cleaner.reading.source import SourceInput
    from cleaner.rules import Pack


class Cleaner:
    r"""A policy for cleaning; immutable, picklable, and safe to share between threads.

    ``keep``       the labels to keep, instead of the default (:data:`cleaner.DEFAULT_KEEP`)
    ``also_keep``  labels to keep on top of the default
    ``drop``       labels to drop from the default
    ``threshold``  above 0 and below 1: how sure it has to be that a block is body; higher removes more
    ``packs``      rule packs of your own: paths, or what :func:`cleaner.rules.parse` makes of a text
    ``max_size``   the largest source, in bytes or characters
    ``witness``    when trafilatura's verdict counts as evidence: ``"never"``, for ``"unsure"`` pages (8 in 100), or
                   ``"always"``. On unseen sites "unsure" gained .002 of word F1, which is within noise, for half as
                   much time again: so it is off.
    ``images``     whether Markdown and HTML have the article's own pictures; the text never has
    ``memory``     what recurs on sites: a :class:`cleaner.memory.SiteMemory`, or the path of its file. It is asked
                   about sources whose address is known.

    Raises :class:`PackError` for a pack that cannot be used or has the name of another one, :class:`MemoryFileError`
    for a memory that cannot be read, ``ValueError`` or ``TypeError`` for a bad option.

    >>> Cleaner(also_keep=["caption"]).clean("The ferry sailed on Monday.\n\nPhoto: Ann Lee / Reuters")
    'The ferry sailed on Monday.\n\nPhoto: Ann Lee / Reuters'
    """

    __slots__ = ("_policy",)

    def __init__(  # noqa: PLR0913 options of a policy, all by keyword
        self,
        *,
        keep: Collection[Label | str] | None = None,
        also_keep: Collection[Label | str] = (),
        drop: Collection[Label | str] = (),
        threshold: float = 0.5,
        packs: "Sequence[PathLike[str] | str | Pack]" = (),
        max_size: int = MAX_SIZE,
        witness: Witness = "never",
        images: bool = False,
        memory: "SiteMemory | PathLike[str] | str | None" = None,
    ) -> None:
        if keep is not None and (also_keep or drop):
            raise ValueError("keep replaces the default labels; also_keep and drop change them: pass one or the other")
        also, less = _labels("also_keep", also_keep), _labels("drop", drop)
        if both := sorted(also & less):
            raise ValueError(f"also_keep and drop both name {', '.join(both)}")
        if witness not in get_args(Witness):
            raise ValueError(f"witness is one of {', '.join(get_args(Witness))}, not {witness!r}")
        self._policy = Policy(
            keep=None if keep is None else _labels("keep", keep),
            also_keep=also,
            drop=less,
            threshold=_threshold(threshold),
            packs=_packs(packs),
            max_size=_max_size(max_size),
            witness=witness,
            images=_images(images),
            memory=_memory(memory),
        )

    def clean(
        self, source: "SourceInput", *, url: str | None = None, lang: str | None = None, kind: Kind = "auto"
    ) -> str:
        """The article's own text; "" when nothing is body. The same as ``label(source).text``."""
        from cleaner import pipeline  # numpy, regex and the weights: importing the library costs none of it

        return pipeline.clean(Request(source, url, lang, kind), self._policy)

    def label(
        self, source: "SourceInput", *, url: str | None = None, lang: str | None = None, kind: Kind = "auto"
    ) -> Document:
        """Every block of a source with its label, its score and the evidence.

        ``source`` is HTML or text as str or bytes, a BeautifulSoup object or an lxml element. ``url`` is the page's
        address: it chooses the packs of its site and resolves its links. ``lang`` (an ISO 639-1 code) chooses the
        packs of a language, which is detected otherwise. ``kind`` is ``"html"`` or ``"text"`` where it should not be
        guessed.

        Raises ``TypeError`` for another type of source or address, ``ValueError`` for another kind or an unknown
        language, :class:`InputTooLarge` for a source over ``max_size``; nothing for what is in a source.
        """
        from cleaner import pipeline

        return pipeline.label(Request(source, url, lang, kind), self._policy)

    def prune(self, tree: TreeT, *, url: str | None = None, lang: str | None = None) -> Pruned[TreeT]:
        """A copy of a tree without the residue, and the document that says why.

        ``tree`` is a BeautifulSoup object, a tag, an lxml element or an element tree. What stays keeps its attributes,
        links, pictures and inline markup. The document is that of :meth:`label`. Raises as :meth:`label` does, and
        ``TypeError`` for str and bytes.
        """
        from cleaner.pruning.prune import prune

        request = Request(cast("SourceInput", tree), url, lang, "html")
        return cast("Pruned[TreeT]", prune(request, self._policy))

    def metadata(self, source: "SourceInput", *, kind: Kind = "auto") -> Metadata:
        """What a page says of itself: title, author, date, site, description, address; "" for what it does not say.

        The same as :attr:`Document.metadata`, for who needs no blocks. Raises as :meth:`label` does.
        """
        from cleaner import witness
        from cleaner.segment import segment

        decoded = read(source, kind, max_size=self._policy.max_size)
        page = segment(decoded.text, decoded.kind, utf8=decoded.utf8)
        return witness.complete(decoded.text, page.metadata) if page.kind == "html" else page.metadata

    def unmatched(self, documents: Iterable[Document]) -> list[str]:
        """The rules of your own packs that no evidence in the documents comes from: misspelt, or no longer needed."""
        matched = {e.rule for doc in documents for block in doc.blocks for e in block.evidence}
        return sorted({rule.where for pack in self._policy.packs for rule in pack.rules} - matched)

    def __repr__(self) -> str:
        policy = self._policy
        labels = (("keep", policy.keep), ("also_keep", policy.also_keep or None), ("drop", policy.drop or None))
        given = ", ".join(f"{name}={sorted(map(str, value))}" for name, value in labels if value is not None)
        return (
            f"Cleaner({given}{', ' if given else ''}threshold={policy.threshold}, packs={len(policy.packs)}, "
            f"max_size={policy.max_size}, witness={policy.witness!r}"
            f"{', images=True' if policy.images else ''}{f', memory={policy.memory!r}' if policy.memory else ''})"
        )


def _labels(option: str, names: Collection[Label | str]) -> frozenset[Label]:
    if isinstance(names, str):
        raise ValueError(f"{option} is a collection of labels, as [{names!r}], not a string")  # noqa: TRY004 a bad option
    if not isinstance(names, Iterable):
        raise TypeError(f"{option} is a collection of labels, as ['caption'], not {names!r}")
    return frozenset(_label(name) for name in names)


def _label(name: Label | str) -> Label:
    try:
        return Label(name)
    except ValueError:
        raise ValueError(f"{name!r} is no label; labels are {', '.join(Label)}") from None


def _threshold(threshold: float) -> float:
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise TypeError(f"threshold is a number above 0 and below 1, as 0.5, not {threshold!r}")
    if not 0 < threshold < 1:
        raise ValueError(f"threshold is above 0 and below 1, not {threshold!r}")
    return float(threshold)


def _max_size(size: int) -> int:
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"max_size is a whole number of bytes or characters, as 20_000_000, not {size!r}")
    if size < 1:
        raise ValueError(f"max_size is 1 or more, not {size!r}")
    return size


def _images(images: bool) -> bool:  # noqa: FBT001 the option itself
    if not isinstance(images, bool):
        raise TypeError(f"images is True or False, not {images!r}")
    return images


def _packs(packs: "Sequence[PathLike[str] | str | Pack]") -> "tuple[Pack, ...]":
    if not isinstance(packs, Iterable) or isinstance(packs, str | PathLike):
        raise TypeError(f"packs is a list of paths or packs, as packs=[{packs!r}]")
    if not packs:
        return ()
    from cleaner.rules.packs import check_names  # the regex package, which a Cleaner without packs does not need

    given = tuple(_pack(pack) for pack in packs)
    check_names(given)
    return given


def _pack(pack: "PathLike[str] | str | Pack") -> "Pack":
    from cleaner import rules

    if isinstance(pack, rules.Pack):
        return pack
    if isinstance(pack, str | PathLike):
        try:
            return rules.read(pack)
        except PackError:
            if isinstance(pack, str) and ("\n" in pack or pack.lstrip().startswith("[")):
                raise PackError(
                    "a pack is a path, or what cleaner.rules.parse returned; "
                    f"cleaner.rules.parse(text, name) reads a text such as {pack[:40]!r}"
                ) from None
            raise
    raise TypeError(f"a pack is a path, or what cleaner.rules.parse returned, not {type(pack).__name__}")


def _memory(memory: "SiteMemory | PathLike[str] | str | None") -> "SiteMemory | None":
    if memory is None:
        return None
    from cleaner.memory import SiteMemory  # numpy

    if isinstance(memory, SiteMemory):
        return memory
    if isinstance(memory, str | PathLike):
        return SiteMemory.load(memory)
    raise TypeError(f"a memory is a SiteMemory or the path of its file, not {type(memory).__name__}")


_DEFAULT: Final = Cleaner()


def clean(source: "SourceInput", *, url: str | None = None, lang: str | None = None, kind: Kind = "auto") -> str:
    r"""The article's own text, without captions, pleas, bios, menus and the like; "" when nothing is body.

    >>> clean("The council voted on Tuesday, the mayor said.\n\nSign up for our daily newsletter.")
    'The council voted on Tuesday, the mayor said.'
    """
    return _DEFAULT.clean(source, url=url, lang=lang, kind=kind)


def label(source: "SourceInput", *, url: str | None = None, lang: str | None = None, kind: Kind = "auto") -> Document:
    """Every block of a source with its label, its score and the evidence; see :meth:`Cleaner.label`."""
    return _DEFAULT.label(source, url=url, lang=lang, kind=kind)


def prune(tree: TreeT, *, url: str | None = None, lang: str | None = None) -> Pruned[TreeT]:
    """A copy of a BeautifulSoup object or lxml element without the residue; see :meth:`Cleaner.prune`.

    >>> from bs4 import BeautifulSoup
    >>> html = "<p>The <b>council</b> voted on Tuesday, the mayor said.</p><p>Share this</p>"
    >>> pruned = prune(BeautifulSoup(html, "html.parser"))
    >>> pruned.tree
    <p>The <b>council</b> voted on Tuesday, the mayor said.</p>
    >>> [block.text for block in pruned.document.removed]
    ['Share this']
    """
    return _DEFAULT.prune(tree, url=url, lang=lang)
