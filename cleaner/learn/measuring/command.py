"""``cleaner-learn evaluate`` and ``cleaner-learn errors``: the installed weights, measured on labelled pages."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from cleaner import pipeline
from cleaner.api import Cleaner
from cleaner.document import Label
from cleaner.learn.data import baselines, pages, texts
from cleaner.learn.data.corpus import Example
from cleaner.learn.measuring import by_reading, evaluate, metrics, report, residue
from cleaner.model import weights
from cleaner.reading.decode import decode
from cleaner.text.arrays import Flags


def evaluate_pages(examples: Sequence[Example], others: Sequence[str]) -> None:
    """Print the scores of the library and of other extractors, and the library's figures by reading."""
    print(evaluate.HEADER)
    cleaner, trained_on = Cleaner(), weights.load().provenance["corpora"]
    for group, summary in evaluate.pages(_rows(examples), lambda html: cleaner.clean(html, kind="html")).items():
        print(summary.row(f"{group} cleaner ({'sites seen' if group in trained_on else 'not trained on'})"))
    for name in others:
        for group, summary in evaluate.pages(_rows(examples), partial(baselines.run, name)).items():
            print(summary.row(f"{group} {name}"))
    read = [sample for sample in pages.build(examples) if by_reading.is_read(sample)]
    report.print_by_reading(by_reading.groups(by_reading.verdict(sample, _body(sample)) for sample in read))


def evaluate_texts(examples: Sequence[Example], upstreams: Sequence[str], plot: Path | None) -> None:
    """Print what the library takes out of the texts of other extractors; ``plot`` is an SVG file to be written."""
    samples = texts.build(examples, upstreams)
    print("\nInstalled weights, which have seen these sites.\n")
    report.print_texts(samples, residue.installed(samples), plot)


def _rows(examples: Sequence[Example]) -> Iterator[tuple[str, str, str]]:
    for example in examples:
        yield example.corpus, decode(example.html).text, example.gold


def _body(sample: pages.Sample) -> Flags:
    """What the installed weights keep of a page: (n_blocks,) bool."""
    return pipeline.decide_scored(sample.prepared, pipeline.score(sample.prepared), pages.POLICY).decision.body


def list_worst(examples: Sequence[Example], number: int) -> None:
    """Print the pages of the lowest word F1, with the blocks that stay wrongly and the lines of gold that are lost."""
    cleaner = Cleaner()
    rows = []
    for example in examples:
        document = cleaner.label(example.html, kind="html")
        rows.append((metrics.score(document.text, example.gold).f1, example, document))
    for f1, example, document in sorted(rows, key=lambda row: row[0])[:number]:
        print(f"\n{example.corpus} {example.id} {example.type} F1 {f1:.3f} {example.url}")
        missing = set(metrics.missing("\n".join(b.text.replace("\n", " ") for b in document.kept), example.gold))
        for block in document.blocks:
            if block.label is Label.BODY and " ".join(block.text.split()) in missing:
                print(f"  residue {block.score:.2f} {json.dumps(block.text[:100], ensure_ascii=False)}")
        for line in metrics.missing(example.gold, document.text):
            print(f"  lost         {json.dumps(line[:100], ensure_ascii=False)}")
