"""A document as an HTML report: what was kept, what was removed, and why."""

from collections.abc import Iterable, Mapping
from typing import Final

from cleaner.document import Block, Document, Evidence, Label, Origin
from cleaner.export.lines import strongest
from cleaner.export.markup import escaped
from cleaner.text.characters import one_line
from cleaner.text.structure import LEVELS

#: Evidence that is shown of a removed block; the document has all of it.
SHOWN: Final = 6

# Hues in degrees, far apart for labels that are often neighbours. Lightness is left to the page: text has the page's
# own colour, and colours are transparent, so light and dark pages both work.
_HUES: Final[Mapping[str, int]] = {
    Label.TITLE: 230,
    Label.BYLINE: 200,
    Label.CAPTION: 175,
    Label.SUBSCRIPTION: 25,
    Label.AUTHOR: 260,
    Label.RELATED: 215,
    Label.SHARE: 300,
    Label.COMMENT: 145,
    Label.ADVERT: 0,
    Label.NOTICE: 45,
    Label.NAVIGATION: 190,
    Label.SIDEBAR: 95,
    Label.NOTE: 120,
    Label.OTHER: 330,
}

_STYLE: Final = """\
.cleaner{max-width:46rem;margin:1rem 0;font:16px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
.cleaner *{box-sizing:border-box}
.cleaner .facts{font-size:.8125rem;opacity:.85;margin:0 0 1rem}
.cleaner .facts span{white-space:nowrap;margin-right:.9em}
.cleaner .flags{font-weight:600}
.cleaner .key{display:inline-block;width:.7em;height:.7em;border-radius:.15em;margin-right:.4em;\
background:hsl(var(--hue) 65% 50%)}
.cleaner .keep,.cleaner .text{white-space:pre-wrap;margin:0}
.cleaner .keep{margin:0 0 .8em;padding-left:calc(.75rem + 3px)}
.cleaner .keep.heading{font-weight:650;font-size:1.15em}
.cleaner .drop{margin:0 0 .8em;padding:.35rem .75rem .45rem;border-radius:0 .3rem .3rem 0;\
border-left:3px solid hsl(var(--hue) 65% 50%);background:hsl(var(--hue) 65% 50%/.1)}
.cleaner .what{font-size:.75rem;margin:0 0 .15rem}
.cleaner .what b{letter-spacing:.02em;margin-right:.6em}
.cleaner .score,.cleaner .why b{font-variant-numeric:tabular-nums;font-weight:400}
.cleaner .text{font-size:.9375rem;opacity:.85}
.cleaner del{text-decoration:line-through 1px hsl(var(--hue) 65% 50%)}
.cleaner .why{list-style:none;margin:.3rem 0 0;padding:0;opacity:.85;\
font:.75rem/1.5 ui-monospace,Menlo,Consolas,monospace}
.cleaner .why li{display:inline-block;margin:0 1.5em 0 0}
"""


def to_report(doc: Document) -> str:
    """An HTML fragment for notebooks and reports, with every word of the source, escaped.

    Kept blocks are plain. Removed ones are struck out in the colour of their label, with the label, the score and the
    strongest evidence. The fragment has its own style, needs no script and loads nothing; where a site removes the
    style, removed text is still struck out.
    """
    blocks = "\n".join(_kept(block) if block.label in doc.keep else _removed(block) for block in doc.blocks)
    return f'<div class="cleaner">\n<style>\n{_STYLE}</style>\n{_facts(doc)}\n{blocks}\n</div>'


def to_page(reports: Iterable[str], title: str) -> str:
    """A whole HTML page of reports, to save and open."""
    return (
        f'<!doctype html>\n<meta charset="utf-8">\n<title>{escaped(one_line(title))}</title>\n'
        '<meta name="viewport" content="width=device-width">\n'
        "<style>:root{color-scheme:light dark}"
        "body{margin:1.5rem auto;max-width:46rem;padding:0 1rem}</style>\n" + "\n<hr>\n".join(reports)
    )


def _facts(doc: Document) -> str:
    facts = [f"{len(doc.kept)} of {len(doc.blocks)} blocks kept", doc.kind, doc.lang, doc.page_type]
    if doc.page_type:
        facts.append(f"confidence {doc.confidence:.2f}")
    parts = [f"<span>{escaped(one_line(fact))}</span>" for fact in facts if fact]
    for label, count in doc.counts.most_common():
        key = "" if label in doc.keep else f'<i class="key"{_hue(label)}></i>'
        parts.append(f"<span>{key}{label} {count}</span>")
    if doc.flags:
        parts.append(f'<span class="flags">flags: {escaped(one_line(", ".join(doc.flags)))}</span>')
    return f'<p class="facts">{" ".join(parts)}</p>'


def _kept(block: Block) -> str:
    kind = "keep heading" if block.tag in LEVELS else "keep"
    return f'<p class="{kind}" title="{block.label} {block.score:.2f}">{escaped(block.text)}</p>'


def _removed(block: Block) -> str:
    evidence = strongest(block)
    items = [_item(one) for one in evidence[:SHOWN]]
    if len(evidence) > SHOWN:
        items.append(f"<li>… {len(evidence) - SHOWN} more</li>")
    reasons = f'\n<ul class="why">{"".join(items)}</ul>' if items else ""
    heading = f'<p class="what"><b>{block.label}</b> <span class="score">{block.score:.2f}</span></p>'
    text = f'<p class="text"><del>{escaped(block.text)}</del></p>'
    return f'<div class="drop"{_hue(block.label)}>{heading}\n{text}{reasons}</div>'


def _hue(label: str) -> str:
    # A body block is removed where the caller does not keep body; the label has no hue of its own.
    return f' style="--hue:{_HUES.get(label, 215)}"'


def _item(evidence: Evidence) -> str:
    under = "under " if evidence.origin is Origin.INHERITED else ""
    quote = f" {under}“{escaped(one_line(evidence.quote))}”" if evidence.quote else ""
    rule = f' title="{escaped(_rule(evidence))}"' if evidence.rule else ""
    return f"<li{rule}>{escaped(one_line(evidence.name))} <b>{evidence.weight:+.1f}</b>{quote}</li>"


def _rule(evidence: Evidence) -> str:
    """The rule of the evidence with the number of its pattern: ``en:caption.credit[2]``."""
    pattern = "" if evidence.pattern is None else f"[{evidence.pattern}]"
    return one_line(evidence.rule) + pattern
