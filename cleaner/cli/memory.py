"""The command ``cleaner memory``: makes, merges and shows site memories, and makes them forget."""

import argparse
import sys
from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, get_args

from cleaner import __version__
from cleaner.api import Cleaner
from cleaner.batch.cleaning import Cleaning
from cleaner.batch.cores import count_workers
from cleaner.batch.gather import Gathering, MemoryJob, gather
from cleaner.batch.progress import progress_display
from cleaner.batch.reading import Form, open_inputs
from cleaner.batch.worker import Limits
from cleaner.cli import options as shared
from cleaner.cli.options import FAILED, INTERRUPTED, OK, USAGE, Parser, UsageError, print_line, say
from cleaner.errors import BatchError, MemoryFileError, describe
from cleaner.memory import KnownLine, SiteMemory, SiteStatus, merge_files
from cleaner.memory.sample import LINES_PER_SITE
from cleaner.text.characters import one_line

#: Failures that are reported one by one.
MAX_COMPLAINTS: Final = 20
#: Lines of a site that are shown, by default.
SHOWN: Final = 50

_EPILOG: Final = """\
A site memory holds hashes of the lines of each site's documents, and no text
unless --texts asks for it. "cleaner batch --memory FILE" and "cleaner --memory
FILE" use one; "cleaner batch --memory auto" makes one of its inputs first.

examples:
  cleaner memory build crawl/*.warc.gz -o sites.memory
  cleaner batch crawl/*.warc.gz -o texts.jsonl --memory sites.memory
  cleaner memory merge part-*.memory -o sites.memory
  cleaner memory show sites.memory --site example.org
  cleaner memory forget sites.memory --site example.org

exit codes:
  0    all of it was done
  1    records failed; the memory was made of the others
  2    the run broke, a memory cannot be read, or the command line is wrong
  130  interrupted; "build" goes on when the same command is given again
"""


def main(argv: Sequence[str]) -> int:
    """Run the command with the arguments that follow ``cleaner memory``. Returns the exit code."""
    options = parser().parse_args(argv)
    commands = {"build": _build, "merge": _merge, "show": _show, "forget": _forget}
    try:
        return commands[options.command](options)
    except (MemoryFileError, BatchError, UsageError) as error:
        _say(str(error))
        return USAGE
    except BrokenPipeError:
        raise
    except OSError as error:
        _say(f"{error.filename or options.memory or options.output}: {describe(error)}")
        return USAGE


def _say(message: str) -> None:
    say(f"cleaner memory: {one_line(message)}")


# -- build -------------------------------------------------------------------------------------------


def _build(options: argparse.Namespace) -> int:
    output = shared.output_path(options.output)
    if output.resolve() in {Path(name).resolve() for name in options.inputs if name != "-"}:
        raise UsageError("the output is one of the inputs")
    try:
        SiteMemory(lines_per_site=options.lines_per_site)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return _run(_job(options, output), quiet=options.quiet)


def build_for_batch(options: argparse.Namespace, outputs: Collection[Path]) -> int:
    """Make the memory for ``cleaner batch --memory auto`` beside its output, unless an earlier run has made it, and put
    its name into the options. ``outputs`` are those of the batch run: where they are in a directory that is read, they
    are left out. Returns 0, or the exit code with which the command ends.
    """
    if "-" in (options.output, *options.inputs):
        raise UsageError("--memory auto reads the inputs twice, and writes the memory beside the output: name files")
    options.memory = f"{options.output}.memory"
    options.texts, options.lines_per_site = False, LINES_PER_SITE
    status = _run(_job(options, Path(options.memory), outputs), quiet=True)
    return OK if status == FAILED else status  # records that fail here fail in the second pass, which reports them


def _job(options: argparse.Namespace, output: Path, left_out: Collection[Path] = ()) -> MemoryJob:
    cleaning = Cleaning(
        Cleaner(max_size=options.max_size),
        kind=options.kind,
        url=options.url,
        max_size=options.max_size,
        field=options.field,
        url_field=options.url_field,
    )
    names = ("field", "url_field", "kind", "url", "max_size", "input_format")
    settings = {name: getattr(options, name) for name in names} | {"version of cleaner": __version__}
    return MemoryJob(
        inputs=open_inputs(options.inputs, options.input_format, [output, *left_out]),
        output=output,
        work=Gathering(cleaning, options.texts, options.lines_per_site),
        limits=Limits(options.timeout, options.memory_limit),
        settings=settings,
        workers=count_workers(options.workers),
        restart=options.restart,
    )


def _run(job: MemoryJob, *, quiet: bool) -> int:
    complaints: list[str] = []

    def complain(message: str) -> None:
        complaints.append(message)
        if len(complaints) <= MAX_COMPLAINTS and not quiet:
            _say(message)

    display = progress_display(sum(item.size for item in job.inputs), quiet=quiet)
    try:
        summary = gather(job, display.update, complain)
    except KeyboardInterrupt:
        _say("interrupted; the same command goes on from here")
        return INTERRUPTED
    finally:
        display.close()
    if not quiet:
        done = f"nothing to do: {job.output} is complete; --restart makes it again: " if summary.already_done else ""
        say(f"{done}{summary.to_text()}")
    return FAILED if summary.failed else OK


# -- merge, show, forget -----------------------------------------------------------------------------


def _merge(options: argparse.Namespace) -> int:
    merge_files(options.memories, shared.output_path(options.output))
    return OK


def _show(options: argparse.Namespace) -> int:
    memory = SiteMemory.load(options.memory)
    if options.hash:
        print_line(memory.hash_of(options.hash))
    elif options.site:
        _show_site(memory, options)
    else:
        print_line("documents\tknown\tlines\trecurring\tbytes\tsite")
        for site in memory.sites:
            status = memory.status(site)
            facts = (status.seen, status.known, status.lines, status.recurring, status.size, site)
            print_line("\t".join(map(str, facts)))
    return OK


def _show_site(memory: SiteMemory, options: argparse.Namespace) -> None:
    status = _status(memory, options.site, options.memory)
    print_line(
        f"{status.site}: {status.known:,} documents known of about {status.seen:,}, {status.different:,} without "
        f"copies; {status.lines:,} lines, {status.recurring:,} in two documents or more; {status.size:,} bytes"
    )
    recurring = (line for line in memory.lines(options.site) if line.documents > 1)
    for line in islice(recurring, options.n):
        print_line(_shown(line))


def _status(memory: SiteMemory, site: str, name: str) -> SiteStatus:
    """What a memory knows of a site; ``name`` is that of its file. Raises :class:`UsageError` for an unknown site."""
    try:
        return memory.status(site)
    except KeyError as error:
        raise UsageError(f"{name} knows no site {site}") from error


def _shown(line: KnownLine) -> str:
    places = [f"{name} {count}" for name, count in (*line.zones.items(), *line.regions.items())]
    return "\t".join((line.hash, str(line.documents), ", ".join(places), line.text)).rstrip()


def _forget(options: argparse.Namespace) -> int:
    memory = SiteMemory.load(options.memory)
    for site in options.site:
        _status(memory, site, options.memory)
    memory.forget(sites=options.site)
    memory.save(options.memory)
    return OK


# -- the command line ----------------------------------------------------------------------------


def parser() -> Parser:
    """The parser of the command line."""
    parser = Parser(
        prog="cleaner memory",
        description="Learn which lines recur on a site: slogans, pitches, notices, biographies.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    _add_build(commands.add_parser("build", help="make a memory of many records"))
    merge = commands.add_parser("merge", help="merge memories into one: that of all their records")
    merge.add_argument("memories", nargs="+", type=shared.file_name, metavar="FILE")
    merge.add_argument("-o", "--output", dest="output", required=True, type=shared.file_name, metavar="FILE")
    merge.set_defaults(memory="")
    show = commands.add_parser("show", help="list the sites of a memory, or the recurring lines of a site")
    show.add_argument("memory", type=shared.file_name, metavar="FILE")
    show.add_argument(
        "--site", metavar="SITE", help="as example.org: hash, documents, where, and the text if it is kept"
    )
    show.add_argument(
        "-n", type=_lines_shown, default=SHOWN, metavar="N", help=f"lines at most, 0 for all (default: {SHOWN})"
    )
    show.add_argument("--hash", metavar="TEXT", help="print the hash of a line")
    forget = commands.add_parser("forget", help="take sites out of a memory")
    forget.add_argument("memory", type=shared.file_name, metavar="FILE")
    forget.add_argument("--site", action="append", required=True, metavar="SITE", help="may be repeated")
    return parser


def _lines_shown(text: str) -> int | None:
    """The number of lines that are shown; None for all."""
    return None if text == "0" else shared.positive(text)


def _add_build(build: argparse.ArgumentParser) -> None:
    build.add_argument("inputs", nargs="+", type=shared.file_name, metavar="INPUT", help="as cleaner batch takes them")
    build.add_argument("-o", "--output", required=True, type=shared.file_name, metavar="FILE", help="the memory")
    build.add_argument("--texts", action="store_true", help="keep the text of lines, for cleaner memory show")
    build.add_argument(
        "--lines-per-site",
        type=shared.positive,
        default=LINES_PER_SITE,
        metavar="N",
        help=f"lines of all known documents of a site (default: {LINES_PER_SITE:,}, 180 kB)",
    )
    group = build.add_argument_group("input")
    group.add_argument("--input-format", choices=get_args(Form), help="what the inputs are, as in cleaner batch")
    shared.add_fields(group)
    shared.add_source_options(group, url_help="address of records without one")
    run = build.add_argument_group("the run")
    shared.add_run_options(run)
    run.add_argument("--restart", action="store_true", help="begin again, even if an earlier run was interrupted")
    run.add_argument("-q", "--quiet", action="store_true", help="no progress, notes and summary; errors alone")
    build.set_defaults(memory="")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
