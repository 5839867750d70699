"""What the commands have in common: options, their types, exit codes, reading, and how an error is reported."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NoReturn, get_args

from cleaner.api import Cleaner
from cleaner.batch.cores import MAX_PER_CORE
from cleaner.batch.worker import MAX_SECONDS
from cleaner.decision.policy import Witness
from cleaner.document import Label
from cleaner.errors import BINARY, CleanerError, InputTooLarge, describe, size_message
from cleaner.reading.compressed import DAMAGED, decompressed
from cleaner.reading.decode import is_utf16
from cleaner.reading.source import MAX_SIZE, Kind
from cleaner.text.characters import one_line, strip_unsafe_chars

# Exit codes.
OK: Final = 0
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it

#: The value of ``cleaner batch --memory`` that makes a memory of the inputs first.
AUTO: Final = "auto"

#: Bytes at the start of a file in which NUL bytes are counted, and the share of them above which it is binary.
SNIFFED_BYTES: Final = 4_096
MAX_NUL_SHARE: Final = 0.02


class UsageError(CleanerError):
    """The command line is wrong, or a pack that it names."""


class Parser(argparse.ArgumentParser):
    """A parser that reports a wrong command line in one line, without the usage.

    Options cannot be abbreviated: a new option would change what an abbreviation means.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with :data:`USAGE`."""
        self.exit(USAGE, f"{self.prog}: {one_line(message)}; see {self.prog} --help\n")


def add_source_options(group: argparse._ArgumentGroup, *, url_help: str) -> None:
    """Add the options that describe the sources: ``--kind``, ``--lang``, ``--url`` and ``--max-size``."""
    group.add_argument(
        "--kind",
        choices=get_args(Kind),
        default="auto",
        help="what the input is; auto (the default) decides from its markup",
    )
    group.add_argument("--lang", metavar="CODE", help="language, such as en (default: detected)")
    group.add_argument("--url", metavar="URL", help=url_help)
    group.add_argument(
        "--max-size",
        type=positive,
        default=MAX_SIZE,
        metavar="N",
        help=f"refuse larger input, in bytes or characters (default: {MAX_SIZE:,})",
    )


def add_policy_options(group: argparse._ArgumentGroup) -> None:
    """Add the options of :class:`cleaner.Cleaner` that decide what is kept."""
    group.add_argument(
        "--also-keep",
        action="extend",
        type=split_names,
        default=[],
        metavar="LABEL,...",
        help="keep blocks with these labels in addition to the default: " + ", ".join(Label),
    )
    group.add_argument(
        "--keep", action=_KeepAlias, type=split_names, metavar="LABEL,...", help="old name of --also-keep"
    )
    group.add_argument(
        "--drop",
        action="extend",
        type=split_names,
        default=[],
        metavar="LABEL,...",
        help="do not keep blocks with these labels (by default HTML keeps body, text body, title, sidebar and note)",
    )
    group.add_argument(
        "--threshold",
        type=float,
        default=0.5,
        metavar="P",
        help="above 0 and below 1; a higher value removes more (default: 0.5)",
    )
    group.add_argument(
        "--pack",
        action="append",
        type=file_name,
        default=[],
        metavar="FILE",
        help="a rule pack of your own; may be repeated",
    )
    group.add_argument(
        "--witness",
        choices=get_args(Witness),
        default="never",
        help="when trafilatura's result counts as evidence (default: never)",
    )
    group.add_argument(
        "--memory",
        type=file_name,
        metavar="FILE",
        help="a site memory (cleaner memory build): what recurs on the site of a page is evidence; needs addresses",
    )


def add_images_option(group: argparse._ArgumentGroup, description: str) -> None:
    """Add ``--images``, an option of :class:`cleaner.Cleaner` for commands that write Markdown and HTML."""
    group.add_argument("--images", action="store_true", help=description)


class _KeepAlias(argparse.Action):
    """``--keep``, the old name of ``--also-keep``: ``Cleaner(keep=...)`` does something else."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option_string: Any = None
    ) -> None:
        say(f"{parser.prog}: {option_string} is now --also-keep")
        namespace.also_keep = [*namespace.also_keep, *values]


def add_fields(group: argparse._ArgumentGroup) -> None:
    """Add the options that say where records have their sources."""
    group.add_argument("--field", metavar="NAME", help="the field that holds the source (default: html, or else text)")
    group.add_argument("--id-field", default="id", metavar="NAME", help="the field that names a record (default: id)")
    group.add_argument("--url-field", default="url", metavar="NAME", help="the field with its address (default: url)")


def add_run_options(group: argparse._ArgumentGroup) -> None:
    """Add the options of the worker processes: ``--workers``, ``--timeout`` and ``--memory-limit``."""
    group.add_argument(
        "--workers",
        type=_workers,
        metavar="N",
        help=f"processes: auto (the default) for one per core, or a number, at most {MAX_PER_CORE} per core",
    )
    group.add_argument("--timeout", type=_seconds, default=10.0, metavar="S", help="seconds per record (default: 10)")
    group.add_argument(
        "--memory-limit", type=positive, default=2048, metavar="MIB", help="memory of each worker (default: 2048)"
    )


def _workers(text: str) -> int | None:
    """The number of workers; None for one per core."""
    if text == "auto":
        return None
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is neither auto nor a whole number of 1 or more")
    return int(text)


def positive(text: str) -> int:
    """A whole number of 1 or more."""
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def file_name(text: str) -> str:
    """The name of a file. An empty one would be that of the working directory."""
    if not text:
        raise argparse.ArgumentTypeError("the name of a file is empty")
    return text


def output_path(name: str) -> Path:
    """The path of an output. Raises :class:`UsageError` where no file can be written."""
    path = Path(name)
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{name}: {'is a directory' if path.is_dir() else 'its directory does not exist'}")
    return path


def is_one_of(output: str, inputs: Sequence[str]) -> bool:
    """Whether an output is a file that is one of the inputs, by whatever spelling or link.

    Devices are none: ``/dev/null`` and terminals are read and written.
    """
    for name in inputs:
        with suppress(OSError, ValueError):  # one of them is not there: reading or writing says so
            if name != "-" and Path(name).samefile(output) and Path(output).is_file():
                return True
    return False


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < float(text) <= MAX_SECONDS:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and {MAX_SECONDS:,.0f}")


def split_names(text: str) -> list[str]:
    """The names in a list that is separated by commas.

    >>> split_names("caption, title,")
    ['caption', 'title']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def make_cleaner(options: argparse.Namespace) -> Cleaner:
    """The ``Cleaner`` that the options describe. Raises :class:`UsageError` where one of them is wrong."""
    try:
        if options.lang:
            from cleaner.reading.language import check_language  # the regex package, which most runs load later

            check_language(options.lang)
        return Cleaner(
            also_keep=options.also_keep,
            drop=options.drop,
            threshold=options.threshold,
            packs=options.pack,
            max_size=options.max_size,
            witness=options.witness,
            memory=options.memory,
            images=options.images,
        )
    except ValueError as error:  # a PackError is one as well
        raise UsageError(str(error)) from error


def reads_terminal(names: Sequence[str]) -> bool:
    """Whether standard input is one of the inputs and somebody has to type it."""
    return "-" in names and sys.stdin is not None and sys.stdin.isatty()


def say(text: str) -> None:
    """Print to standard error, which may be closed."""
    if sys.stderr is not None:
        print(text, file=sys.stderr)


def print_line(line: str) -> None:
    """A line on standard output, in UTF-8 whatever the locale."""
    sys.stdout.buffer.write(f"{strip_unsafe_chars(line)}\n".encode())
    sys.stdout.buffer.flush()


def read_input(name: str, max_size: int) -> bytes:
    """The content of a file, or of standard input for "-".

    What is compressed with gzip, bzip2 or Zstandard is decompressed. Raises :class:`CleanerError` where it cannot be
    read, is too large, or is binary.
    """
    if name == "-" and sys.stdin is None:
        raise CleanerError("closed")
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            data = file.read(max_size + 1)  # a device such as /dev/zero has no end
        data = decompressed(BytesIO(data)).read(max_size + 1)
    except FileNotFoundError as error:
        raise CleanerError(_fetching_hint(name) or describe(error)) from error
    except DAMAGED as error:
        raise CleanerError(describe(error)) from error
    if len(data) > max_size:
        raise InputTooLarge(size_message(max_size))
    if _has_nuls(data[:SNIFFED_BYTES]):
        raise CleanerError(BINARY)
    return data


def _fetching_hint(name: str) -> str:
    """What to do instead of naming an address, since nothing is fetched; "" for other names."""
    if not name.startswith(("http://", "https://")):
        return ""
    address = shlex.quote(name)
    return f"is an address, and nothing is fetched; use: curl -sL {address} | cleaner --url {address}"


def _has_nuls(head: bytes) -> bool:
    """Whether the bytes have as many NULs as binary files have. NULs of UTF-16 and UTF-32 do not count."""
    return head.count(0) > MAX_NUL_SHARE * len(head) and not is_utf16(head)
