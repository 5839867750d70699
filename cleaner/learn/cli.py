"""The command ``cleaner-learn``: fit the weights again, measure, look at the worst pages.

``CORPORA`` is a folder of corpora, each with ``gold.jsonl.gz`` (a JSON object a page: ``id``, ``type``, ``url``,
``gold``) and ``html/<id>.html.gz``.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from cleaner import source
from cleaner.api import Cleaner
from cleaner.document import Label
from cleaner.learn import bench, corpus, dataset, evaluate, metrics, peers
from cleaner.learn.corpus import Example

try:
    from cleaner.learn import crossval, fit
except ImportError as error:
    raise ImportError(f"{error}; training needs more: pip install 'article-cleaner[learn]'") from error


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; its exit code."""
    arguments = _parser().parse_args(argv)
    run = {"fit": _fit, "evaluate": _evaluate, "text": _text, "errors": _errors, "bench": _bench}[arguments.command]
    return run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cleaner-learn", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("fit", "learn the HTML weights, cross-validated by site, and write them"),
        ("evaluate", "word F1 and perfect pages of the installed weights beside other extractors, on the same pages"),
        ("text", "what clean() takes out of the texts that another extractor gives"),
        ("errors", "the worst pages, block by block"),
        ("bench", "time, memory and scores beside other extractors on the same pages, and how time grows with size"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("corpora", type=Path, metavar="CORPORA")
        command.add_argument("--only", nargs="*", default=(), metavar="CORPUS", help="these corpora only")
        if name == "fit":
            command.add_argument("-o", "--output", type=Path, default=Path("cleaner/weights/html.npz"))
            command.add_argument(
                "--by-page",
                action="store_true",
                help="cross-validate by page instead, to see what knowing a site is worth; writes nothing",
            )
        if name in ("evaluate", "text"):
            command.add_argument("--peers", nargs="*", default=["trafilatura"], choices=sorted(peers.PEERS))
        if name == "bench":
            command.add_argument("--peers", nargs="*", default=sorted(peers.PEERS), choices=sorted(peers.PEERS))
            command.add_argument("--own", nargs="*", default=["cleaner"], choices=sorted(bench.OWN))
            command.add_argument("-n", type=int, default=0, help="so many pages of each corpus, evenly chosen")
        if name == "errors":
            command.add_argument("-n", type=int, default=20, help="how many pages")
    return parser


def _examples(arguments: argparse.Namespace) -> list[Example]:
    return list(corpus.read(arguments.corpora, arguments.only))


def _fit(arguments: argparse.Namespace) -> int:
    examples = _examples(arguments)
    if arguments.by_page:
        examples = [replace(e, together=f"{e.corpus}/{e.id}") for e in examples]
    samples = dataset.build(examples)
    about = {
        "pages": len(samples),
        "sites": len({e.site for e in examples}),
        "corpora": corpus.digest(examples),
        "recipe": fit.recipe(),
    }
    fitted = fit.weights(samples, about)
    found = [*crossval.outcomes(samples, fitted.sheets, fitted.margins), *crossval.without_text(examples, samples)]
    groups = crossval.groups(found)
    print(evaluate.HEADER)
    for name, summary in {**groups, **(crossval.seen(found) if arguments.by_page else {})}.items():
        print(summary.row(name))
    print("\nconfidence, word F1, pages:")
    for confidence, f1, number in crossval.calibration(found):
        print(f"{confidence:8.3f}{f1:8.3f}{number:8}")
    print(f"page types told: {crossval.types_right(found):.1%}")
    scores = {name: [round(s.f1, 4), round(s.perfect, 4)] for name, s in groups.items()}
    if not arguments.by_page:
        weights = fit.with_about(fitted.weights, {**about, "cross_validated": scores})
        arguments.output.write_bytes(weights.dump())
    return 0


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


def _bench(arguments: argparse.Namespace) -> int:
    print(bench.versions())
    by_corpus: dict[str, list[Example]] = defaultdict(list)
    for example in _examples(arguments):
        by_corpus[example.corpus].append(example)
    for name, examples in by_corpus.items():
        step = max(len(examples) // arguments.n, 1) if arguments.n else 1
        chosen = examples[::step]
        base = bench.run("trafilatura", chosen)
        print(f"\n{name}, {len(chosen)} pages\n\n{bench.HEADER}")
        for extractor in (*arguments.own, *arguments.peers):
            found = base if extractor == "trafilatura" else bench.run(extractor, chosen)
            print(found.row(base), flush=True)
    rows = bench.growth(Cleaner().clean)
    print("\n| page, bytes | seconds CPU | seconds a MB |\n| --- | --- | --- |")
    for size, seconds in rows:
        print(f"| {size:,} | {seconds:.3f} | {1e6 * seconds / size:.2f} |")
    print(f"\nexponent {bench.exponent(rows):.2f}")
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
