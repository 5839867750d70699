"""The command ``cleaner batch``."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final, get_args

from cleaner import __version__
from cleaner.api import Cleaner
from cleaner.batch.cleaning import Cleaning
from cleaner.batch.cores import count_cores, count_workers
from cleaner.batch.progress import progress_display
from cleaner.batch.reading import PAGES, Form, left_out_message, open_inputs
from cleaner.batch.run import Job, run, stream
from cleaner.batch.summary import RunSummary
from cleaner.batch.worker import Limits
from cleaner.batch.writing import TABLE, write_atomically
from cleaner.cli import options as shared
from cleaner.cli.options import FAILED, INTERRUPTED, OK, Parser, UsageError, say
from cleaner.errors import BatchError, describe, install_hint
from cleaner.export.record import Format, RecordOptions
from cleaner.text.characters import one_line

#: Exit code of a run that could not start or go on; that of a wrong command line, too.
BROKEN: Final = shared.USAGE

#: Suffixes of outputs, apart from tables.
_LINES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")

#: The names of standard input and standard output.
STDIN: Final = "-"
STDOUT: Final = "-"

#: The options on which the output depends. The number of workers is not one of them.
_OUTPUT_OPTIONS: Final = (
    "field", "id_field", "url_field", "kind", "lang", "url", "max_size", "also_keep", "drop", "threshold", "witness",
    "timeout", "memory_limit", "keep_source", "by_label", "format", "metadata", "images", "input_format",
)  # fmt: skip

_EPILOG: Final = f"""\
An INPUT is a file of JSON objects, one per line (.jsonl), a table (.parquet),
an archive (.warc, .warc.gz, .wet.gz), a page or a text
({", ".join(PAGES)}), a directory with such files in it and
below it, or "-" for JSON lines from standard input. Lines and pages may be
compressed (.gz, .bz2, .zst). Every record comes out in OUTPUT, in order, or in
the file of errors.

A run that was interrupted continues when the same command is given again. Its
output is the same as that of a run without interruption. OUTPUT.checkpoint has
its progress, and tells later that it is complete.

examples:
  cleaner batch pages.jsonl.gz -o texts.jsonl
  cleaner batch crawl/*.warc.gz -o texts.parquet --removed removed.jsonl.gz
  cleaner batch crawl -o - --format markdown --metadata | jq .title
  zcat pages.gz | cleaner batch - -o texts.jsonl --field body --id-field key

exit codes:
  0    every record is in the output
  1    some records failed, and are in the file of errors
  2    the run broke, or the command line is wrong; stderr says why
  130  interrupted; the same command continues the run
"""


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments. Returns the exit code."""
    arguments = parser()
    options = arguments.parse_args(argv)
    try:
        job = _job(options)
    except (UsageError, BatchError) as error:
        arguments.error(str(error))
    if not options.quiet:
        for note in _notes(options, job):
            _notify(note)
    try:
        summary = _run(job, quiet=options.quiet)
    except BatchError as error:
        _notify(str(error))
        return BROKEN
    except KeyboardInterrupt:
        _notify("interrupted" if job.output is None else "interrupted; the same command goes on from here")
        return INTERRUPTED
    if not options.quiet:
        if summary.already_done:
            _notify(f"nothing to do: {job.output} is complete; --restart makes it again")
        say(summary.to_text(str(job.errors or "")))
    if options.summary and not _write_summary(summary, options.summary):
        return BROKEN
    return FAILED if summary.counts.failed else OK


def _notes(options: argparse.Namespace, job: Job) -> Iterator[str]:
    """What a user should know before the run."""
    if shared.reads_terminal(options.inputs):
        yield "reading from standard input; cleaner batch --help says more"
    for item in job.inputs:
        if item.left_out:
            yield f"{item.name}: {left_out_message(item)}"
    if options.workers and options.workers > job.workers:
        yield f"{job.workers} workers instead of {options.workers}: there are {count_cores()} cores"


def _run(job: Job, *, quiet: bool) -> RunSummary:
    """The summary of the run. Raises :class:`BatchError` where it cannot go on."""
    size = 0 if any(item.name == STDIN for item in job.inputs) else sum(item.size for item in job.inputs)
    among_records = job.output is None and sys.stdout is not None and sys.stdout.isatty()
    display = progress_display(size, quiet=quiet or among_records)
    with closing(display):
        if job.output is None:
            return stream(job, _stdout(), _notify, display.update)
        return run(job, display.update, _ignore if quiet else _notify)


def _prepare_memory(options: argparse.Namespace, outputs: Sequence[Path]) -> None:
    """Make the site memory of the inputs, without the outputs among them, where it is to be made first.

    Raises ``SystemExit`` where that fails. ``--memory 2048`` was the limit of each worker in earlier versions.
    """
    if options.memory and options.memory.isdecimal():
        say(f"cleaner batch: --memory {options.memory} is now --memory-limit {options.memory}")
        options.memory_limit, options.memory = shared.positive(options.memory), None
    if options.memory != shared.AUTO:
        return
    from cleaner.cli.memory import build_for_batch  # numpy, which this process does not need otherwise

    options.memory = None
    shared.make_cleaner(options)  # what is wrong with the options is said before all inputs are read
    if status := build_for_batch(options, outputs):
        raise SystemExit(status)


def _notify(message: str) -> None:
    say(f"cleaner: {one_line(message)}")


def _ignore(message: str) -> None:
    """Takes messages that ``--quiet`` leaves out."""


def _stdout() -> IO[bytes]:
    if sys.stdout is None:
        raise BatchError("standard output: closed")
    return sys.stdout.buffer


def _write_summary(summary: RunSummary, name: str) -> bool:
    """Write the summary as JSON; False, after a message, where it cannot be written."""
    if name == STDOUT:
        print(json.dumps(summary.to_dict(), indent=2))
        return True
    try:
        write_atomically(Path(name), json.dumps(summary.to_dict(), indent=2) + "\n")
    except OSError as error:
        say(f"cleaner: {name}: {describe(error)}")
        return False
    return True


def _job(options: argparse.Namespace) -> Job:
    """The job that the options describe. Raises :class:`UsageError` or :class:`BatchError` where they are wrong."""
    output = None if options.output == STDOUT else _output(options.output)
    errors = _output(options.errors or f"{output}.errors.jsonl") if output or options.errors else None
    removed = _output(options.removed) if options.removed else None
    if options.summary == options.output == STDOUT:
        raise UsageError("the summary and the records cannot both go to standard output")
    summary = shared.output_path(options.summary) if options.summary not in (None, STDOUT) else None
    outputs = [path for path in (output, errors, removed, summary) if path]
    _check_names(options.inputs, outputs)
    if options.images and options.format == "text":
        raise UsageError("--images goes with --format markdown or html")
    _prepare_memory(options, outputs)
    cleaner = shared.make_cleaner(options)
    inputs = open_inputs(options.inputs, options.input_format, outputs)
    return Job(
        inputs=inputs,
        output=output,
        errors=errors,
        removed=removed,
        work=_cleaning(options, cleaner, output),
        limits=Limits(options.timeout, options.memory_limit),
        settings=_settings(options),
        workers=count_workers(options.workers),
        checkpoint_records=options.checkpoint,
        restart=options.restart,
        max_size=options.max_size,
        record=_record_options(options),
        preload=Cleaning.PRELOAD,
    )


def _record_options(options: argparse.Namespace) -> RecordOptions:
    return RecordOptions(options.format, metadata=options.metadata)


def _cleaning(options: argparse.Namespace, cleaner: Cleaner, output: Path | None) -> Cleaning:
    return Cleaning(
        cleaner=cleaner,
        kind=options.kind,
        lang=options.lang,
        url=options.url,
        max_size=options.max_size,
        record=_record_options(options),
        field=options.field,
        id_field=options.id_field,
        url_field=options.url_field,
        keep_source=options.keep_source,
        label_removed=bool(options.removed) or options.by_label,
        write_removed=bool(options.removed),
        strict_json=output is None or output.suffix.lower() != TABLE,  # a table has NaN and infinity
    )


def _check_names(inputs: Sequence[str], outputs: Sequence[Path]) -> None:
    """Raise :class:`UsageError` where two files would be the same."""
    written = [path.resolve() for path in outputs]
    if len(set(written)) < len(written):
        raise UsageError("two outputs have the same name")
    if {Path(name).resolve() for name in inputs if name != "-"} & set(written):
        raise UsageError("an output is one of the inputs")
    if inputs.count("-") > 1:
        raise UsageError("standard input can be read only once")


def _output(name: str) -> Path:
    """The path of an output. Raises :class:`UsageError` where it cannot be written in the format of its suffix."""
    path = shared.output_path(name)
    lower = name.lower()
    if not lower.endswith((*_LINES, TABLE)):
        raise UsageError(f"{name}: outputs are .jsonl, .jsonl.gz, .jsonl.zst or .parquet")
    for suffix, package, extra in ((TABLE, "pyarrow", "arrow"), (".zst", "zstandard", "batch")):
        if lower.endswith(suffix):
            try:
                __import__(package)
            except ImportError as error:
                raise UsageError(install_hint(package, extra)) from error
    return path


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """The options on which the output depends, with the versions of the packs and of the library."""
    packs = [f"{name} {_size_and_time(name)}" for name in options.pack]
    return {name: getattr(options, name) for name in _OUTPUT_OPTIONS} | {
        "pack": packs,
        "site memory": _size_and_time(options.memory) if options.memory else "",
        "version of cleaner": __version__,
    }


def _size_and_time(name: str) -> str:
    status = Path(name).stat()
    return f"{status.st_size} {status.st_mtime_ns}"


# -- the command line ----------------------------------------------------------------------------


def parser() -> Parser:
    """The parser of the command line."""
    parser = Parser(
        prog="cleaner batch",
        usage="cleaner batch INPUT... -o OUTPUT [OPTION]...",
        description="Clean many pages or texts: records in, records out, in the same order.",
        epilog=_EPILOG,
    )
    parser.add_argument("inputs", nargs="+", type=shared.file_name, metavar="INPUT", help="see below")
    _add_outputs(parser.add_argument_group("output"))
    group = parser.add_argument_group("input")
    group.add_argument(
        "--input-format",
        choices=get_args(Form),
        help="what the inputs are, where their suffixes do not tell it; page is a file with one page or text",
    )
    shared.add_fields(group)
    shared.add_source_options(group, url_help="address of records without one; selects site rules")
    shared.add_policy_options(parser.add_argument_group("what is kept"))
    _add_run_options(parser.add_argument_group("the run"))
    return parser


def _add_outputs(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-o",
        "--output",
        required=True,
        type=shared.file_name,
        metavar="FILE",
        help='.jsonl, .jsonl.gz, .jsonl.zst, .parquet, or "-" for JSON lines on standard output',
    )
    group.add_argument(
        "--format",
        "--output-format",
        choices=get_args(Format),
        default="text",
        metavar="FORMAT",
        help="what the field text holds: text (the default), markdown or html",
    )
    shared.add_images_option(group, "the article's own pictures as well, in Markdown and HTML")
    group.add_argument("--metadata", action="store_true", help="add authors, date, site and description")
    group.add_argument(
        "--removed", type=shared.file_name, metavar="FILE", help="removed blocks: one per line, with label and evidence"
    )
    group.add_argument(
        "--errors",
        type=shared.file_name,
        metavar="FILE",
        help="records that failed, if any (default: OUTPUT.errors.jsonl)",
    )
    group.add_argument(
        "--summary", type=shared.file_name, metavar="FILE", help='the summary as JSON; "-" is standard output'
    )
    group.add_argument("--keep-source", action="store_true", help="keep the field that holds the source")
    group.add_argument(
        "--by-label",
        action="store_true",
        help="count removed blocks by label, which takes half as much time again (--removed does so anyway)",
    )


def _add_run_options(group: argparse._ArgumentGroup) -> None:
    shared.add_run_options(group)
    group.add_argument(
        "--checkpoint",
        type=shared.positive,
        default=1000,
        metavar="N",
        help="write one every N records (default: 1000)",
    )
    group.add_argument(
        "--restart", action="store_true", help="begin again, even if an earlier run was interrupted or is complete"
    )
    group.add_argument("-q", "--quiet", action="store_true", help="no progress, notes and summary; errors alone")
