"""The command ``cleaner-learn``: fits the weights, checks whether they fit the code, measures, lists the worst pages.

``docs/training.md`` shows how it is used.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from cleaner.errors import CleanerError, install_command
from cleaner.learn import fingerprint
from cleaner.learn.bench import command as bench_command
from cleaner.learn.data import baselines, conventions, corpus
from cleaner.learn.data.corpus import Example
from cleaner.learn.measuring import command as measuring_command
from cleaner.learn.recurring import command as memory_command
from cleaner.memory import weights as recurring_weights
from cleaner.model import weights as model
from cleaner.model.weights import TextWeights, Weights

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
    benchmark = add(_bench, "measure time, memory and scores of cleaner and other extractors on the same pages")
    bench_command.add_options(benchmark)
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
    wording = add(
        _wording,
        "fit the weights of the wording of lines on those that were written for it, and on paragraphs of corpora; by "
        "default of the corpora whose conventions are described",
    )
    wording.add_argument("-o", "--output", type=Path, default=OUTPUT, help="folder for the weights file")
    text = "all fits one after the other: fit, naming, wording, memory; in a copy of the repository that is installed"
    add(_retrain, text)
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


def _examples(arguments: argparse.Namespace) -> list[Example]:
    return list(corpus.read(arguments.corpora, arguments.only))


def _fit(arguments: argparse.Namespace) -> int:
    arguments.output.mkdir(parents=True, exist_ok=True)  # before the fit, which takes many minutes
    with _told_the_extra():
        from cleaner.learn.fitting import command
    output = None if arguments.by_page else arguments.output
    if "html" in arguments.kind:
        command.fit_pages(_training_examples(arguments, conventions.load()), output)
    if "text" in arguments.kind:
        usual = model.load_text().provenance["corpora"]
        command.fit_texts(_training_examples(arguments, usual), output, arguments.plot)
    return 0


def _naming(arguments: argparse.Namespace) -> int:
    arguments.output.mkdir(parents=True, exist_ok=True)
    with _told_the_extra():
        from cleaner.learn.naming.fit import fit
    learned = fit(_training_examples(arguments, conventions.load()))
    (arguments.output / "naming.npz").write_bytes(learned.dump())
    return 0


def _wording(arguments: argparse.Namespace) -> int:
    arguments.output.mkdir(parents=True, exist_ok=True)
    with _told_the_extra():
        from cleaner.learn.fitting.wording import fit
    learned = fit(_training_examples(arguments, conventions.load()))
    (arguments.output / "wording.npz").write_bytes(learned.dump())
    return 0


@contextmanager
def _told_the_extra() -> Iterator[None]:
    """Adds to the error of a package that is missing how it is installed."""
    try:
        yield
    except ImportError as error:
        raise ImportError(f"{error}; training needs more: {install_command('learn')}") from error


def _memory(arguments: argparse.Namespace) -> int:
    if arguments.measure:
        memory_command.measure(_examples(arguments), recurring_weights.load())
        return 0
    learned = memory_command.fit(_training_examples(arguments, conventions.load()))
    arguments.output.write_text(learned.dump(), encoding="utf-8")
    return 0


def _retrain(arguments: argparse.Namespace) -> int:
    """Run each fit in a process of its own, since the later ones use the weights that the earlier ones have written."""
    if OUTPUT.resolve() != INSTALLED:
        raise CleanerError(
            f"the library that runs is in {INSTALLED.parent}; retrain runs in the root of a copy of the repository, "
            "installed with pip install --editable"
        )
    only = ["--only", *arguments.only] if arguments.only else []
    for command in ("fit", "naming", "wording", "memory"):
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
            fingerprint.write(path, weights)
        elif difference.stale:
            stale = True
        else:
            print(f"{path}: the weights fit the code")
    return 1 if stale else 0


def _evaluate(arguments: argparse.Namespace) -> int:
    examples = _examples(arguments)
    if "html" in arguments.kind:
        measuring_command.evaluate_pages(examples, arguments.baselines)
    if "text" in arguments.kind:
        measuring_command.evaluate_texts(examples, arguments.baselines, arguments.plot)
    return 0


def _errors(arguments: argparse.Namespace) -> int:
    measuring_command.list_worst(_examples(arguments), arguments.n)
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    bench_command.run(_examples(arguments), arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
