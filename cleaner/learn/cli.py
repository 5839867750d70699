"""The command ``cleaner-learn``: fits the weights, checks whether they fit the code, measures, lists the worst pages.

``docs/training.md`` shows how it is used.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from cleaner import pipeline
from cleaner.api import Cleaner
from cleaner.document import Label
from cleaner.errors import CleanerError, install_command
from cleaner.learn import (
    baselines,
    byreading,
    conventions,
    corpus,
    crossval,
    dataset,
    evaluate,
    fingerprint,
    metrics,
    residue,
    rulecounts,
    texts,
)
from cleaner.learn.bench import cold, extractors, growth, report, session
from cleaner.learn.bench.session import Record
from cleaner.learn.corpus import DEFAULT_TYPE, Example
from cleaner.learn.recurring import command as memory_command
from cleaner.memory import weights as recurring_weights
from cleaner.model import weights as model
from cleaner.model.weights import TextWeights, Weights
from cleaner.reading.decode import decode
from cleaner.text.arrays import Array, Flags

_DESCRIPTION: Final = """\
Fit the weights, check whether they fit the code, measure, list the worst pages.

CORPORA is a folder of corpora. Each corpus is a folder with gold.jsonl.gz, a
JSON object for each page (id, type, url, gold), and html/<id>.html.gz."""
#: Exit code of a command that cannot be carried out.
FAILED: Final = 2

#: What weights are fitted for.
KINDS: Final = ["html", "text"]
#: Where ``fit`` writes: the folder of the weights files in a checkout of the repository.
OUTPUT: Final = Path("cleaner/model")
#: Where ``memory`` writes.
MEMORY_OUTPUT: Final = Path("cleaner/memory/weights.json")
#: The extractor on whose texts rules are counted as well: what it leaves is what nothing but words tells.
RULE_LINES_OF: Final = ("trafilatura",)
#: What ``check`` reads: the installed weights.
INSTALLED: Final = Path(model.__file__).parent


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command. Returns the exit code: 2 where corpora or packages are missing, which standard error says."""
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except (CleanerError, FileNotFoundError, ImportError) as error:
        print(f"cleaner-learn: {error}", file=sys.stderr)
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    """The parser of the command; ``run`` of what it returns is the function of the sub-command."""
    parser = argparse.ArgumentParser(
        prog="cleaner-learn", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)

    def add(run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(run.__name__.strip("_"), help=text, description=text)
        command.set_defaults(run=run)
        command.add_argument("corpora", type=Path, metavar="CORPORA")
        command.add_argument("--only", nargs="*", default=(), metavar="CORPUS", help="these corpora only")
        return command

    fit = add(
        _fit,
        "fit the weights, cross-validate them by site, and write them; by default pages on those of the corpora whose "
        "conventions are described (conventions.toml), texts on those of the bundled weights, or else on all",
    )
    fit.add_argument("-o", "--output", type=Path, default=OUTPUT, help="folder for the weights files")
    fit.add_argument(
        "--by-page",
        action="store_true",
        help="cross-validate by page instead, to measure what a seen site is worth; writes nothing",
    )
    evaluation = add(_evaluate, "measure the installed weights beside other extractors, on pages and on their texts")
    for command in (fit, evaluation):
        command.add_argument("--kind", nargs="*", default=KINDS, choices=KINDS, help="pages, texts or both")
        command.add_argument("--plot", type=Path, help="draw precision against recall of residue: an SVG file")
    evaluation.add_argument("--baselines", nargs="*", default=["trafilatura"], choices=sorted(baselines.BASELINES))
    errors = add(_errors, "list the worst pages, block by block")
    errors.add_argument("-n", type=int, default=20, help="number of pages")
    _add_bench(add(_bench, "measure time, memory and scores of cleaner and other extractors on the same pages"))
    memory = add(
        _memory,
        "fit the weights of lines that recur on a site, cross-validated by site, with a simulation of large sites; by "
        "default on the corpora whose conventions are described",
    )
    memory.add_argument("-o", "--output", type=Path, default=MEMORY_OUTPUT, help="the file of the weights")
    memory.add_argument("--measure", action="store_true", help="measure the installed weights on all corpora instead")
    naming = add(
        _naming,
        "fit the weights that name removed blocks, cross-validated by site; by default on the corpora whose "
        "conventions are described",
    )
    naming.add_argument("-o", "--output", type=Path, default=OUTPUT, help="folder for the weights file")
    add(_retrain, "all fits one after the other: fit, naming, memory; in a copy of the repository that is installed")
    text = "check whether the weights fit the code: columns, settings of training, packs; exit code 1 if they do not"
    _add_check(commands.add_parser("check", help=text, description=text))
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.set_defaults(run=_check)
    check.add_argument("weights", type=Path, nargs="?", default=INSTALLED, help="folder of the weights files")
    check.add_argument("--corpora", type=Path, metavar="CORPORA", help="compare the corpora of the fit as well")
    check.add_argument(
        "--accept",
        action="store_true",
        help="record the fingerprint of the present code without a fit: for changes that leave the columns of real "
        "pages as they were, such as other probes",
    )


def _add_bench(benchmark: argparse.ArgumentParser) -> None:
    benchmark.add_argument(
        "--extractors",
        nargs="*",
        default=extractors.DEFAULT,
        choices=extractors.CHOICES,
        metavar="NAME",
        help=f"of {', '.join(extractors.CHOICES)}; trafilatura is always among them",
    )
    benchmark.add_argument(
        "-n", type=int, default=0, help="number of pages of each corpus, chosen at random; 0, the default, is all"
    )
    benchmark.add_argument("--seed", type=int, default=0, help="seed of the choice of pages, the order, the bootstrap")
    benchmark.add_argument("--by-stage", action="store_true", help="divide the time of clean() into stages as well")
    benchmark.add_argument(
        "-o", "--output", type=Path, help="folder for bench.json, and bench.svg: quality against time"
    )


def _examples(arguments: argparse.Namespace) -> list[Example]:
    return list(corpus.read(arguments.corpora, arguments.only))


def _fit(arguments: argparse.Namespace) -> int:
    arguments.output.mkdir(parents=True, exist_ok=True)  # before the fit, which takes many minutes
    if "html" in arguments.kind:
        _fit_pages(arguments, _training_examples(arguments, conventions.load()))
    if "text" in arguments.kind:
        _fit_texts(arguments, _training_examples(arguments, model.load_text().provenance["corpora"]))
    return 0


def _memory(arguments: argparse.Namespace) -> int:
    if arguments.measure:
        memory_command.measure(_examples(arguments), recurring_weights.load())
        return 0
    learned = memory_command.fit(_training_examples(arguments, conventions.load()))
    arguments.output.write_text(learned.dump(), encoding="utf-8")
    return 0


def _naming(arguments: argparse.Namespace) -> int:
    arguments.output.mkdir(parents=True, exist_ok=True)
    try:
        from cleaner.learn.naming.fit import fit
    except ImportError as error:
        raise _missing_extra(error) from error
    learned = fit(_training_examples(arguments, conventions.load()))
    (arguments.output / "naming.npz").write_bytes(learned.dump())
    return 0


def _retrain(arguments: argparse.Namespace) -> int:
    """Run each fit in a process of its own, since the later ones use the weights that the earlier ones have written."""
    if OUTPUT.resolve() != INSTALLED:
        raise CleanerError(
            f"the library that runs is in {INSTALLED.parent}; retrain runs in the root of a copy of the repository, "
            "installed with pip install --editable"
        )
    only = ["--only", *arguments.only] if arguments.only else []
    for command in ("fit", "naming", "memory"):
        print(f"\n== cleaner-learn {command}\n", flush=True)
        fit = [sys.executable, "-m", "cleaner.learn.cli", command, str(arguments.corpora), *only]
        if status := subprocess.run(fit, check=False).returncode:  # noqa: S603 our own command
            return status
    return 0


def _training_examples(arguments: argparse.Namespace, usual: Collection[str]) -> list[Example]:
    """The pages of the corpora that are named, or else of the usual ones that the folder has, or else of all: a folder
    may also hold corpora that are for testing alone.
    """
    names = arguments.only or sorted(name for name in usual if (arguments.corpora / name).is_dir())
    examples = list(corpus.read(arguments.corpora, names))
    if getattr(arguments, "by_page", False):
        return [replace(e, together=f"{e.corpus}/{e.id}") for e in examples]
    return examples


def _provenance(examples: Sequence[Example]) -> dict[str, Any]:
    """What the weights were fitted on: digests of the corpora, and the number of sites."""
    return {"sites": len({e.site for e in examples}), "corpora": corpus.digests(examples)}


def _fit_pages(arguments: argparse.Namespace, examples: Sequence[Example]) -> None:
    try:
        from cleaner.learn import fit
    except ImportError as error:
        raise _missing_extra(error) from error
    samples = dataset.build(examples)
    fitted = fit.fit(samples)
    outcomes = [
        *crossval.outcomes(samples, fitted.features, fitted.log_odds),
        *crossval.without_text(examples, samples),
    ]
    groups = crossval.groups(outcomes)
    print(evaluate.HEADER)
    for name, summary in {**groups, **(crossval.seen(outcomes) if arguments.by_page else {})}.items():
        print(summary.row(name))
    print("\nconfidence, word F1, pages:")
    for confidence, f1, number in crossval.calibration(outcomes):
        print(f"{confidence:8.3f}{f1:8.3f}{number:8}")
    print(f"page types predicted correctly: {crossval.types_right(outcomes):.1%}")
    by_reading = byreading.groups(outcome.verdict for outcome in outcomes if outcome.verdict)
    _print_by_reading(by_reading)
    scores = {name: [round(s.f1, 4), round(s.perfect, 4)] for name, s in groups.items()}
    read = {name: round(s.perfect, 4) for name, s in by_reading.items()}
    figures = {"pages": len(samples), "cross_validated": scores, "perfect_by_reading": read}
    lines = texts.build([example for example in examples if example.type == DEFAULT_TYPE], RULE_LINES_OF)
    counts = rulecounts.count(samples, fitted.features, fitted.log_odds, lines)
    if not arguments.by_page:
        weights = replace(fitted.weights, rule_precision=counts, provenance={**_provenance(examples), **figures})
        _write(arguments.output / "html.npz", weights)


def _print_by_reading(groups: Mapping[str, byreading.Summary]) -> None:
    if groups:
        print(f"\n{byreading.HEADER}")
        for name, summary in groups.items():
            print(summary.row(name))


def _fit_texts(arguments: argparse.Namespace, examples: Sequence[Example]) -> None:
    try:
        from cleaner.learn import fittext
    except ImportError as error:
        raise _missing_extra(error) from error
    samples = texts.build(examples)
    fitted = fittext.fit(samples)
    _report_texts(arguments, samples, fitted.log_odds)
    provenance = {**_provenance(examples), "texts": len(samples)}
    if not arguments.by_page:
        _write(arguments.output / "text.npz", replace(fitted.weights, provenance=provenance))


def _missing_extra(error: ImportError) -> ImportError:
    return ImportError(f"{error}; training needs more: {install_command('learn')}")


def _write(path: Path, weights: Weights | TextWeights) -> None:
    path.write_bytes(fingerprint.stamped(weights).dump())


def _check(arguments: argparse.Namespace) -> int:
    stale = False
    for name in ("html.npz", "text.npz"):
        path = arguments.weights / name
        data = path.read_bytes()
        weights = Weights.parse(data) if name == "html.npz" else TextWeights.parse(data)
        difference = fingerprint.difference(weights)
        for line in difference.lines():
            print(f"{path}: {line}")
        if arguments.corpora:
            for changed in fingerprint.changed_corpora(weights, arguments.corpora):
                print(f"{path}: the corpus {changed} is not the one that the weights were fitted on")
                stale = True
        if arguments.accept:
            _write(path, weights)
        elif difference.stale:
            stale = True
        else:
            print(f"{path}: the weights fit the code")
    return 1 if stale else 0


def _report_texts(
    arguments: argparse.Namespace, samples: Sequence[texts.TextSample], log_odds: Sequence[Array]
) -> None:
    print(*residue.lines(residue.outcomes(samples, log_odds)), sep="\n")
    chosen = [at for at, s in enumerate(samples) if residue.is_news(s) and s.upstream == "trafilatura"]
    points = residue.curve([samples[at] for at in chosen], [log_odds[at] for at in chosen])
    print("\nNews, trafilatura, by threshold:\n")
    print(residue.HEADER.replace("texts of", "threshold", 1))
    for threshold, measured in points:
        print(measured.corrected.row(f"{threshold}"))
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
            seen = "sites seen" if group in model.load().provenance["corpora"] else "not trained on"
            print(summary.row(f"{group} cleaner ({seen})"))
        for name in arguments.baselines:
            for group, summary in evaluate.pages(_pages(examples), partial(baselines.run, name)).items():
                print(summary.row(f"{group} {name}"))
        read = [sample for sample in dataset.build(examples) if byreading.is_read(sample)]
        _print_by_reading(byreading.groups(byreading.verdict(sample, _body(sample)) for sample in read))
    if "text" in arguments.kind:
        samples = texts.build(examples, arguments.baselines)
        print("\nInstalled weights, which have seen these sites.\n")
        _report_texts(arguments, samples, residue.installed(samples))
    return 0


def _body(sample: dataset.Sample) -> Flags:
    """What the installed weights keep of a page: (n_blocks,) bool."""
    return pipeline.decide_scored(sample.prepared, pipeline.score(sample.prepared), dataset.POLICY).decision.body


def _bench(arguments: argparse.Namespace) -> int:
    wanted = extractors.chosen([*arguments.extractors, *(extractors.BY_STAGE if arguments.by_stage else ())])
    compared = [extractor for extractor in wanted if extractors.is_installed(extractor)]
    for extractor in wanted:
        if extractor not in compared:
            print(f"{extractor.name} is skipped, as it is not installed: pip install {extractor.install}")
    baselines.require([extractors.BASE])
    examples, left = session.sample(_examples(arguments), arguments.n, arguments.seed)
    warm_up = session.warm_up_sources(left, arguments.seed)
    records = _until_interrupted(session.run(examples, warm_up, compared, arguments.seed), len(compared))
    starts = cold.measure(examples, compared, arguments.seed)
    with session.Process(extractors.EXTRACTORS["clean"]) as process:
        points = growth.measure(process.answer)
    made = report.summarize(records, extractors.versions(), arguments.seed, starts, points)
    print(*report.lines(made), sep="\n")
    if arguments.output:
        from cleaner.learn.bench import plot  # matplotlib

        arguments.output.mkdir(parents=True, exist_ok=True)
        (arguments.output / "bench.json").write_text(report.to_json(made, records), "utf-8")
        plot.draw(made, arguments.output / "bench.svg")
    return 0


def _until_interrupted(records: Iterable[Record], per_page: int) -> list[Record]:
    """The records, ``per_page`` of each page. Ctrl-C ends the run early: those of the pages that are complete."""
    taken = []
    try:
        for record in records:
            taken.append(record)
            if len(taken) % (50 * per_page) == 0:
                print(f"{len(taken) // per_page} pages", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print(f"interrupted: the report is on the first {len(taken) // per_page} pages", file=sys.stderr, flush=True)
    return taken[: len(taken) // per_page * per_page]


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
