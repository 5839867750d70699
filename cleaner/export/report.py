"""A document as an HTML report: the article, and between its paragraphs what was removed, folded, with the evidence.

The styles and the script are in ``assets/``. Labels and evidence are those that ``explain`` prints.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import groupby
from typing import Final

from cleaner.document import Block, Document, Label
from cleaner.export.inline import safe_href
from cleaner.export.lines import reasons, shorten
from cleaner.export.markup import escaped
from cleaner.text.characters import one_line, strip_unsafe_chars
from cleaner.text.data_files import read_data
from cleaner.text.structure import LEVELS, is_code

#: Columns of the beginning of a removed run that are seen while it is folded.
PREVIEW: Final = 60
#: The largest view in a notebook, in bytes of UTF-8. Notebooks are saved with what they show.
NOTEBOOK_BYTES: Final = 32_000

_COMMENTS: Final = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _View:
    """How much is shown; None is all.

    ``run``       blocks of a removed run
    ``text``      columns of a block
    ``line``      columns of a title, an address, a piece of evidence
    ``evidence``  pieces of evidence of a block; the document has all of them
    ``between``   what stands between two pieces
    ``why_kept``  whether kept blocks have evidence too
    """

    run: int | None = None
    text: int | None = None
    line: int | None = None
    evidence: int = 6
    between: str = "\n"
    why_kept: bool = True


_FULL: Final = _View()
_NOTEBOOK: Final = _View(run=12, text=1_000, line=120, evidence=2, between=" · ", why_kept=False)


def to_report(doc: Document, name: str = "") -> str:
    """An HTML fragment for :func:`to_page`, with every word of the source, escaped; ``name`` is that of the file.

    Title and address come first, then the blocks in their order. Kept ones are plain. Each run of removed ones is
    folded: one line has their labels, how many they are, and how they begin.
    """
    blocks = "".join(piece for _, piece in _pieces(doc, _FULL))
    return f"<article class=cleaner>\n{_header(doc, name, _FULL)}{blocks}</article>"


def to_page(reports: Iterable[str], title: str) -> str:
    """A whole HTML page of what :func:`to_report` gave, to save and open.

    It loads nothing. Its own script shows the evidence, filters by label and jumps between removed runs; the policy of
    the page lets no other script run. Where scripts are off, runs unfold all the same and the evidence stands below.
    """
    script = asset("report.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escaped(one_line(title))}</title>\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<style>\n{asset('theme.css')}{_style()}{asset('page.css')}</style>\n"
        + "\n".join(reports)
        + f"\n<script type=module>{script}</script>"
    )


def to_notebook(doc: Document) -> str:
    """The report as notebooks show it: with its style, without a script, at most :data:`NOTEBOOK_BYTES` of UTF-8.

    Of long runs and long texts the beginning is shown. Where that is too much, removed runs have their heading alone;
    and where the article alone is too long, a line at the end says how many blocks follow.
    """
    head = f"<div class=cleaner>\n<style>\n{_style()}</style>{_header(doc, '', _NOTEBOOK)}"
    room = NOTEBOOK_BYTES - _size(head) - _size(_rest(doc, 0)) - len("</div>")
    for view in (_NOTEBOOK, replace(_NOTEBOOK, run=0)):
        pieces = list(_pieces(doc, view))
        if sum(_size(piece) for _, piece in pieces) <= room:
            return f"{head}{''.join(piece for _, piece in pieces)}</div>"
    body = []
    end = 0
    for blocks, piece in pieces:
        room -= _size(piece)
        if room < 0:
            break
        body.append(piece)
        end += blocks
    return f"{head}{''.join(body)}{_rest(doc, end)}</div>"


@cache
def asset(name: str) -> str:
    """A file of ``assets/`` without its comments and indentation."""
    text = _COMMENTS.sub("", read_data("cleaner.export", f"assets/{name}").decode())
    return "".join(f"{line.strip()}\n" for line in text.split("\n") if line.strip())


def _style() -> str:
    return asset("labels.css") + asset("report.css")


def _size(text: str) -> int:
    return len(text.encode())


def _rest(doc: Document, start: int) -> str:
    """The line that stands for the blocks from ``start`` on."""
    rest = doc.blocks[start:]
    kept = sum(block.label in doc.keep for block in rest)
    return f"<p>… {len(rest)} more blocks, {kept} of them kept: <i>cleaner --format report</i> shows all of them.</p>"


# -- the head ----------------------------------------------------------------------------------------


def _header(doc: Document, name: str, view: _View) -> str:
    """Name, title, address, facts, and the labels of the removed blocks with their counts.

    A headline that is kept, as from a text, stands in its place among the blocks.
    """
    where = [_plain(name, view)] if name else []
    if address := doc.stated.url or doc.base_url:
        href = escaped(safe_href(address)) if address.startswith(("http:", "https:")) else ""
        text = _plain(address, view)
        where.append(f'<a href="{href}" rel="noreferrer">{text}</a>' if href else text)
    has_headline = any(block.label is Label.TITLE for block in doc.kept)
    title = "" if has_headline else f"<h1>{_plain(doc.title or name or 'Without a title', view)}</h1>"
    facts = " · ".join(_plain(fact, view) for fact in _facts(doc))
    removed = Counter(block.label for block in doc.removed)
    return (
        f"<header>{title}"
        + (f"<p class=where>{' · '.join(where)}" if where else "")
        + f"<p>{facts}"
        + (f"<p class=labels>{_counted(removed)}" if removed else "")
        + "</header>"
    )


def _facts(doc: Document) -> Iterator[str]:
    yield f"{len(doc.kept)} of {len(doc.blocks)} blocks kept"
    yield from filter(None, (doc.kind, doc.lang, doc.page_type))
    if doc.page_type:
        yield f"confidence {doc.confidence:.2f}"
    if doc.flags:
        yield f"flags: {', '.join(doc.flags)}"


def _counted(labels: Counter[Label]) -> str:
    return "".join(f"<b class={label}>{label} {count}</b>" for label, count in labels.most_common())


# -- the blocks --------------------------------------------------------------------------------------


def _pieces(doc: Document, view: _View) -> Iterator[tuple[int, str]]:
    """Each kept block, row of kept cells and run of removed blocks: how many blocks it is, and its HTML."""

    def is_kept(block: Block) -> bool:
        return block.label in doc.keep

    for kept, run in groupby(doc.blocks, is_kept):
        if not kept:
            blocks = list(run)
            yield len(blocks), _removed(blocks, view)
            continue
        for row, cells in groupby(run, lambda block: block.row):
            texts = [_kept(block, view) for block in cells]
            if row is None:
                yield from ((1, text) for text in texts)
            else:
                yield len(texts), f"<div class=row>{''.join(texts)}</div>"


def _kept(block: Block, view: _View) -> str:
    classes = [
        # Items of a text source have their own marks.
        *(["item"] if "li" in (block.tag, *block.context) and block.span is None else []),
        *(["quote"] if "blockquote" in (block.tag, *block.context) else []),
        *(["kept", str(block.label)] if block.label not in (Label.BODY, Label.TITLE) else []),
    ]
    names = f' class="{" ".join(classes)}"' if classes else ""
    why = f"<small>{block.label}, {_why(block, view)}</small>" if view.why_kept else ""
    tag = _tag(block)
    end = "" if tag == "p" else f"</{tag}>"
    text = _text(block, view)
    if tag == "pre" and text.startswith("\n"):
        text = f"\n{text}"  # browsers drop the first line break of a <pre>
    return f"<{tag}{names}>{text}{why}{end}"


def _tag(block: Block) -> str:
    if block.label is Label.TITLE:
        return "h1"
    if block.tag in LEVELS:
        return f"h{max(LEVELS[block.tag], 2)}"  # the title alone is the first level
    return "pre" if is_code(block) else "p"


def _removed(blocks: Sequence[Block], view: _View) -> str:
    """A run of removed blocks, folded; a list for each series of blocks with one label."""
    preview = " · ".join(shorten(block.text, PREVIEW) for block in blocks[:PREVIEW])
    counts = Counter(block.label for block in blocks)
    heading = f"{_counted(counts)}<s>{_inner(shorten(preview, PREVIEW))}</s>"
    lists = []
    for label, series in groupby(blocks[: view.run], lambda block: block.label):
        lines = [f"<dt>{_text(block, view)}<dd>{_why(block, view)}" for block in series]
        lists.append(f"<dl class={label}>{chr(10).join(lines)}</dl>")
    if view.run is not None and len(blocks) > view.run:
        lists.append(f"<p>… {len(blocks) - view.run} more</p>")
    return f"<details><summary>{heading}</summary>{''.join(lists)}</details>"


def _why(block: Block, view: _View) -> str:
    """The score and the strongest evidence."""
    found = reasons(block)
    lines = [f"score {block.score:.2f}", *(_plain(reason, view) for reason in found[: view.evidence])]
    if len(found) > view.evidence:
        lines.append(f"… {len(found) - view.evidence} more")
    return view.between.join(lines)


def _text(block: Block, view: _View) -> str:
    """The words of a block with their line breaks; of one that is too long, the beginning."""
    text = block.text if view.text is None or len(block.text) <= view.text else shorten(block.text, view.text)
    return _inner(text)


def _plain(text: str, view: _View) -> str:
    """A fact on one line."""
    return _inner(one_line(text) if view.line is None else shorten(text, view.line))


def _inner(text: str) -> str:
    """The text escaped for the inside of an element: quotes and ``>`` may stay there, and are frequent."""
    return strip_unsafe_chars(text).replace("&", "&amp;").replace("<", "&lt;")
