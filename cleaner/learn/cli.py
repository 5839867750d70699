"""The command ``cleaner-learn``: fit the weights again, measure, look at the worst pages.

``CORPORA`` is a folder of corpora, each with ``gold.jsonl.gz`` (a JSON object a page: ``id``, ``type``, ``url``,
``gold``) and ``html/<id>.html.gz``.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from cleaner.api import Cleaner
from cleaner.document import Label
from cleaner.learn import baselines, bench, corpus, dataset, evaluate, metrics, residue, texts
from cleaner.learn.corpus import Example
from cleaner.reading.decode import decode
from cleaner.text.arrays import Array

try:
    from cleaner.learn import crossval, fit, fittext
except ImportError as error:
    raise ImportError(f"{error}; training needs more: pip install 'article-cleaner[learn]'") from error


#: What weights are learned for.
KINDS: Final = ["html", "text"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command; its exit code."""
    arguments = _parser().parse_args(argv)
    run = {"fit": _fit, "evaluate": _evaluate, "errors": _errors, "bench": _bench}[arguments.command]
    return run(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cleaner-learn", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("fit", "learn the weights, cross-validated by site, and write them"),
        (
            "evaluate",
            "pages beside other extractors, and the residue taken out of their texts, by the installed weights",
        ),
        ("errors", "the worst pages, block by block"),
        ("bench", "time, memory and scores beside other extractors on the same pages, and how time grows with size"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("corpora", type=Path, metavar="CORPORA")
        command.add_argument("--only", nargs="*", default=(), metavar="CORPUS", help="these corpora only")
        if name == "fit":
            command.add_argument("-o", "--output", type=Path, default=Path("cleaner/model"), help="folder")
            command.add_argument(
                "--by-page",
                action="store_true",
                help="cross-validate by page instead, to see what knowing a site is worth; writes nothing",
            )
        if name in ("fit", "evaluate"):
            command.add_argument("--kind", nargs="*", default=KINDS, choices=KINDS, help="pages, texts or both")
            command.add_argument("--plot", type=Path, help="draw precision against recall of residue: an SVG file")
        if name == "evaluate":
            command.add_argument("--baselines", nargs="*", default=["trafilatura"], choices=sorted(baselines.PEERS))
        if name == "bench":
            command.add_argument(
                "--baselines", nargs="*", default=sorted(baselines.PEERS), choices=sorted(baselines.PEERS)
            )
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
    about = {"sites": len({e.site for e in examples}), "corpora": corpus.digest(examples)}
    if "html" in arguments.kind:
        _fit_pages(arguments, examples, about)
    if "text" in arguments.kind:
        _fit_texts(arguments, examples, about)
    return 0


def _fit_pages(arguments: argparse.Namespace, examples: Sequence[Example], about: Mapping[str, Any]) -> None:
    samples = dataset.build(examples)
    about = {**about, "pages": len(samples), "recipe": fit.recipe()}
    fitted = fit.weights(samples, about)
    found = [*crossval.outcomes(samples, fitted.features, fitted.log_odds), *crossval.without_text(examples, samples)]
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
        (arguments.output / "html.npz").write_bytes(weights.dump())


def _fit_texts(arguments: argparse.Namespace, examples: Sequence[Example], about: Mapping[str, Any]) -> None:
    samples = texts.build(examples)
    about = {**about, "texts": len(samples), "recipe": fittext.recipe()}
    fitted = fittext.weights(samples, about)
    _report_texts(arguments, samples, fitted.log_odds)
    if not arguments.by_page:
        (arguments.output / "text.npz").write_bytes(fitted.weights.dump())


def _report_texts(
    arguments: argparse.Namespace, samples: Sequence[texts.TextSample], log_odds: Sequence[Array]
) -> None:
    print(*residue.lines(residue.outcomes(samples, log_odds)), sep="\n")
    chosen = [at for at, s in enumerate(samples) if residue.is_news(s) and s.upstream == "trafilatura"]
    points = residue.curve([samples[at] for at in chosen], [log_odds[at] for at in chosen])
    print("\nNews, trafilatura, by threshold:\n")
    print(residue.HEADER.replace("texts of", "threshold", 1))
    for threshold, made in points:
        print(made.corrected.row(f"{threshold}"))
    if arguments.plot:
        from cleaner.learn import plot

        plot.draw(points, arguments.plot)


def _pages(examples: Sequence[Example]) -> Iterator[tuple[str, str, str]]:
    for example in examples:
        yield example.corpus, decode(example.html)[0], example.gold


def _evaluate(arguments: argparse.Namespace) -> int:
    examples = _examples(arguments)
    if "html" in arguments.kind:
        print(evaluate.HEADER)
        cleaner = Cleaner()
        for group, summary in evaluate.pages(_pages(examples), lambda html: cleaner.clean(html, kind="html")).items():
            print(summary.row(f"{group} cleaner (sites seen)"))
        for name in arguments.peers:
            for group, summary in evaluate.pages(_pages(examples), partial(baselines.run, name)).items():
                print(summary.row(f"{group} {name}"))
    if "text" in arguments.kind:
        samples = texts.build(examples, arguments.peers)
        print("\nInstalled weights, which have seen these sites.\n")
        _report_texts(arguments, samples, residue.installed(samples))
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
