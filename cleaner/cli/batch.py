"""The command ``cleaner batch``."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from cleaner import __version__
from cleaner.api import Cleaner
from cleaner.batch.cleaning import Cleaning
from cleaner.batch.errors import BatchError, missing, reason
from cleaner.batch.progress import lines, progress
from cleaner.batch.reading import PAGES, open_inputs
from cleaner.batch.run import Job, run
from cleaner.batch.workers import Limits
from cleaner.batch.writing import write_whole
from cleaner.document import Label
from cleaner.text.characters import one_line

OK: Final = 0
FAILED: Final = 1
BROKEN: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it

_EPILOG: Final = f"""\
An INPUT is a file of JSON objects, one a line (.jsonl, .jsonl.gz, .jsonl.zst), a table (.parquet), an
archive (.warc, .warc.gz), a page ({", ".join(PAGES)}), a directory with pages in it, or "-" for
JSON lines from standard input. Every record comes out in OUTPUT, in order, or in the file of errors.

A run that was cut off goes on when the same command is given again, and what comes out is the same.

examples:
  cleaner batch pages.jsonl.gz -o texts.jsonl
  cleaner batch crawl/*.warc.gz -o texts.parquet --removed removed.jsonl.gz
  zcat pages.jsonl.gz | cleaner batch - -o texts.jsonl --field body --id-field key

exit codes:
  0    every record is in the output
  1    some records failed, and are in the file of errors
  2    the run broke, or the command line is wrong; stderr says why
  130  interrupted; the same command goes on
"""


def main(argv: Sequence[str]) -> int:
    """The exit code of the command run with the arguments."""
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        job = _job(options)
    except BatchError as error:
        parser.error(one_line(str(error)))
    except ValueError as error:  # of Cleaner: a threshold, or a pack
        parser.error(one_line(str(error)))
    shown = progress(0 if "-" in options.inputs else sum(item.size for item in job.inputs))
    try:
        summary = run(job, shown.tell)
    except BatchError as error:
        shown.close()
        _say(f"cleaner: {one_line(str(error))}")
        return BROKEN
    except KeyboardInterrupt:
        shown.close()
        _say("cleaner: interrupted; the same command goes on from here")
        return INTERRUPTED
    shown.close()
    _say(lines(summary, str(job.errors)))
    if options.summary:
        try:
            write_whole(Path(options.summary), json.dumps(summary.to_dict(), indent=2) + "\n")
        except OSError as error:
            _say(f"cleaner: {options.summary}: {reason(error)}")
            return BROKEN
    return FAILED if summary.tally.failed else OK


def _say(text: str) -> None:
    if sys.stderr is not None:
        print(text, file=sys.stderr)


def _job(options: argparse.Namespace) -> Job:
    cleaner = Cleaner(threshold=options.threshold, packs=options.pack)
    inputs = open_inputs(options.inputs)
    output = _output(options.output)
    errors = _output(options.errors or f"{options.output}.errors.jsonl")
    removed = _output(options.removed) if options.removed else None
    named = [str(path.resolve()) for path in (output, errors, removed, Path(options.summary or os.devnull)) if path]
    if len(set(named)) < len(named):
        raise BatchError("two outputs have the same name")
    if {str(Path(item.name).resolve()) for item in inputs if item.name != "-"} & set(named):
        raise BatchError("an output is one of the inputs")
    if options.inputs.count("-") > 1:
        raise BatchError("standard input is read once")
    work = Cleaning(
        cleaner=cleaner,
        keep=frozenset(options.keep),
        kind=options.kind,
        lang=options.lang,
        field=options.field,
        id_field=options.id_field,
        url_field=options.url_field,
        keep_source=options.keep_source,
        named=bool(options.removed) or options.by_label,
        removed=bool(options.removed),
        finite=output.suffix != ".parquet",
    )
    return Job(
        inputs,
        output,
        errors,
        removed,
        work,
        Limits(options.timeout, options.memory),
        _about(options),
        options.workers,
        options.checkpoint,
        options.restart,
    )


def _output(name: str) -> Path:
    path = Path(name)
    if path.is_dir() or not path.parent.is_dir():
        raise BatchError(f"{name}: {'is a directory' if path.is_dir() else 'its directory is not there'}")
    lower = name.lower()
    if not lower.endswith((".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst", ".parquet")):
        raise BatchError(f"{name}: outputs are .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
    for suffix, package, extra in ((".parquet", "pyarrow", "arrow"), (".zst", "zstandard", "batch")):
        if lower.endswith(suffix):
            try:
                __import__(package)
            except ImportError as error:
                raise missing(package, extra) from error
    return path


def _about(options: argparse.Namespace) -> dict[str, Any]:
    """The options on which the output depends. How many workers there are is not one of them."""
    names = (
        "field", "id_field", "url_field", "kind", "lang", "keep", "threshold", "timeout", "memory", "keep_source",
        "by_label",
    )  # fmt: skip
    packs = [f"{name} {_stamp(name)}" for name in options.pack]
    return {name: getattr(options, name) for name in names} | {"pack": packs, "version of cleaner": __version__}


def _stamp(name: str) -> str:
    about = Path(name).stat()
    return f"{about.st_size} {about.st_mtime_ns}"


# -- the command line ----------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cleaner batch",
        description="Clean many pages or texts: records in, records out, in order.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="see below")
    _add_files(parser.add_argument_group("output"))
    _add_fields(parser.add_argument_group("input"))
    _add_policy(parser.add_argument_group("what is kept"))
    _add_run(parser.add_argument_group("the run"))
    return parser


def _add_files(group: argparse._ArgumentGroup) -> None:
    group.add_argument("-o", "--output", required=True, metavar="FILE", help=".jsonl, .jsonl.gz, .jsonl.zst, .parquet")
    group.add_argument("--removed", metavar="FILE", help="what was removed: a line a block, with label and evidence")
    group.add_argument("--errors", metavar="FILE", help="records that failed (default: OUTPUT.errors.jsonl)")
    group.add_argument("--summary", metavar="FILE", help="the summary as JSON")
    group.add_argument("--keep-source", action="store_true", help="keep the field that holds the source")
    group.add_argument(
        "--by-label",
        action="store_true",
        help="count removed blocks by label; naming them takes half as much time again (--removed does so anyway)",
    )


def _add_fields(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--field", metavar="NAME", help="the field with the source (default: html or else text)")
    group.add_argument("--id-field", default="id", metavar="NAME", help="the field that names a record (default: id)")
    group.add_argument("--url-field", default="url", metavar="NAME", help="the field with its address (default: url)")
    group.add_argument("--kind", choices=("auto", "html", "text"), default="auto")
    group.add_argument("--lang", metavar="CODE", help="the language, such as en; default: found")


def _add_policy(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--keep", action="extend", type=_labels, default=[], metavar="LABEL,...", help="keep as well")
    group.add_argument("--threshold", type=float, default=0.5, metavar="P", help="higher removes more (default: 0.5)")
    group.add_argument("--pack", action="append", default=[], metavar="FILE", help="a rule pack; may be repeated")


def _add_run(group: argparse._ArgumentGroup) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    group.add_argument("--workers", type=_count, default=cores, metavar="N", help="default: as many as cores")
    group.add_argument("--timeout", type=_seconds, default=10.0, metavar="S", help="seconds a record (default: 10)")
    group.add_argument("--memory", type=_count, default=2048, metavar="MIB", help="of each worker (default: 2048)")
    group.add_argument("--checkpoint", type=_count, default=1000, metavar="N", help="every N records (default: 1000)")
    group.add_argument("--restart", action="store_true", help="begin again, whatever a run that was cut off has done")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1,000,000")
    return number


def _labels(names: str) -> list[Label]:
    try:
        return [Label(name.strip()) for name in names.split(",") if name.strip()]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{names!r}: labels are {', '.join(Label)}") from None
