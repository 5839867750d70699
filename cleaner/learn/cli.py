"""The command ``cleaner-learn``: fit the weights again, measure, look at the worst pages.

``CORPORA`` is a folder of corpora, each with ``gold.jsonl.gz`` (a JSON object a page: ``id``, ``type``, ``url``,
``gold``) and ``html/<id>.html.gz``.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from cleaner import decide, features, pipeline, source
from cleaner.api import Cleaner
from cleaner.document import Label
from cleaner.learn import corpus, dataset, evaluate, metrics, peers
from cleaner.learn.corpus import Example
from cleaner.learn.dataset import Sample

try:
    from cleaner.learn import fit
except ImportError as error:
    raise ImportError(f"{error}; training needs more: pip install 'article-cleaner[learn]'") from error
from cleaner.model import RULES


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; its exit code."""
    arguments = _parser().parse_args(argv)
    run = {"fit": _fit, "evaluate": _evaluate, "text": _text, "errors": _errors}[arguments.command]
    return run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cleaner-learn", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("fit", "learn the HTML weights, cross-validated by site, and write them"),
        ("evaluate", "word F1 and perfect pages of the installed weights beside other extractors, on the same pages"),
        ("text", "what clean() takes out of the texts that another extractor gives"),
        ("errors", "the worst pages, block by block"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("corpora", type=Path, metavar="CORPORA")
        command.add_argument("--only", nargs="*", default=(), metavar="CORPUS", help="these corpora only")
        if name == "fit":
            command.add_argument("-o", "--output", type=Path, default=Path("cleaner/weights/html.npz"))
        if name in ("evaluate", "text"):
            command.add_argument("--peers", nargs="*", default=["trafilatura"], choices=sorted(peers.PEERS))
        if name == "errors":
            command.add_argument("-n", type=int, default=20, help="how many pages")
    return parser


def _examples(arguments: argparse.Namespace) -> list[Example]:
    return list(corpus.read(arguments.corpora, arguments.only))


def _fit(arguments: argparse.Namespace) -> int:
    examples = _examples(arguments)
    samples = dataset.build(examples)
    about = {"pages": len(samples), "sites": len({e.site for e in examples}), "corpora": corpus.digest(examples)}
    fitted = fit.weights(samples, about)
    print(evaluate.HEADER)
    groups = _cross_validated(samples, fitted)
    for name, summary in groups.items():
        print(summary.row(name))
    scores = {name: [round(s.f1, 4), round(s.perfect, 4)] for name, s in groups.items()}
    weights = fit.with_about(fitted.weights, {**about, "cross_validated": scores})
    arguments.output.write_bytes(weights.dump())
    return 0


def _cross_validated(samples: Sequence[Sample], fitted: fit.Fitted) -> dict[str, evaluate.Summary]:
    """Summaries by corpus, by type, and by whether other folds know the site; each page by a model that does not."""
    cuts = np.cumsum([len(s.page.blocks) for s in samples])[:-1]
    groups: dict[str, list[metrics.Score]] = defaultdict(list)
    for sample, margins in zip(samples, np.split(fitted.out_of_fold, cuts), strict=True):
        result = metrics.score(_text_of(sample, margins), sample.example.gold)
        groups[sample.example.corpus].append(result)
        groups[f"{sample.example.corpus} {sample.example.type}"].append(result)
    return {name: evaluate.summary(scores) for name, scores in sorted(groups.items())}


def _text_of(sample: Sample, margins: features.Array) -> str:
    """The text that the decision makes of a page with these log-odds of body."""
    columns = features.compute(sample.page, sample.layout, sample.evidence, fit.NOTHING)
    odds = margins.astype(np.float64) - RULES * columns["rule_residue"]
    decision = decide.decide(sample.page, sample.layout, columns, sample.evidence, 1 / (1 + np.exp(-odds)))
    kept = zip(sample.page.blocks, decision.labels, strict=True)
    return "\n".join(block.plain for block, label in kept if label in pipeline.KEEP_HTML)


def _pages(examples: Sequence[Example]) -> Iterator[tuple[str, str, str]]:
    for example in examples:
        yield example.corpus, source.decode(example.html)[0], example.gold


def _evaluate(arguments: argparse.Namespace) -> int:
    examples = _examples(arguments)
    print(evaluate.HEADER)
    cleaner = Cleaner()
    for group, summary in evaluate.pages(_pages(examples), lambda html: cleaner.clean(html, kind="html")).items():
        print(summary.row(f"{group} cleaner (sites seen)"))
    for name in arguments.peers:
        for group, summary in evaluate.pages(_pages(examples), partial(peers.run, name)).items():
            print(summary.row(f"{group} {name}"))
    return 0


def _text(arguments: argparse.Namespace) -> int:
    cleaner = Cleaner()
    for name in arguments.peers:
        given = ((peers.run(name, html), gold) for _, html, gold in _pages(_examples(arguments)))
        print(f"{name}: {evaluate.texts(((text, gold) for text, gold in given if text), cleaner)}")
    return 0


def _errors(arguments: argparse.Namespace) -> int:
    cleaner = Cleaner()
    rows = []
    for example in _examples(arguments):
        document = cleaner.label(example.html, kind="html")
        rows.append((metrics.score(document.text, example.gold).f1, example, document))
    for f1, example, document in sorted(rows, key=lambda row: row[0])[: arguments.n]:
        print(f"\n{example.corpus} {example.id} {example.type} F1 {f1:.3f} {example.url}")
        missing = set(metrics.missing("\n".join(b.text.replace("\n", " ") for b in document.kept), example.gold))
        for block in document.blocks:
            if block.label is Label.BODY and " ".join(block.text.split()) in missing:
                print(f"  residue {block.score:.2f} {json.dumps(block.text[:100], ensure_ascii=False)}")
        for line in metrics.missing(example.gold, document.text):
            print(f"  lost         {json.dumps(line[:100], ensure_ascii=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
