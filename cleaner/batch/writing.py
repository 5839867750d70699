"""Part files, to which whole lines are written, and the checkpoint, which says up to where they are valid.

A part file becomes the output when the run is complete. A run that was interrupted, in whatever way, continues from the
checkpoint: the parts are truncated to the lengths that it has, and the records after it are processed again.
"""

import gzip
import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cleaner.batch.results import Counts
from cleaner.errors import BatchError

#: The suffix of outputs that are tables, in whatever case.
TABLE: Final = ".parquet"
#: Version of the checkpoint's format. A checkpoint of another version is refused.
_VERSION: Final = 3


@dataclass(frozen=True, slots=True)
class RunState:
    """The progress of a run.

    ``records`` are done, ``checksum`` is that of their lines, and ``lengths`` is the valid length of each part in
    bytes. ``complete``: all records are done, and some parts may be outputs already. ``finished``: all parts are.
    """

    lengths: tuple[int, ...]
    records: int = 0
    checksum: int = 0
    counts: Counts = field(default_factory=Counts)
    seconds: float = 0.0
    complete: bool = False
    finished: bool = False


class ColumnTypes(NamedTuple):
    """Types of the columns of an output table, in Arrow: of those that came from tables, and of a run's own."""

    inputs: Mapping[str, Any] = MappingProxyType({})
    results: Mapping[str, Any] = MappingProxyType({})


class Parts:
    """The part files of a run: one for each output. Of those in ``optional``, empty ones are not written."""

    def __init__(self, outputs: Sequence[Path], optional: Collection[Path] = ()) -> None:
        self._outputs, self._optional = outputs, optional
        self._paths = [part_of(output) for output in outputs]
        self._files: list[int] = []

    def open(self, lengths: Sequence[int]) -> None:
        """Open the parts and truncate them to the lengths.

        Raises :class:`BatchError` for a part that is too short, or that another run is writing.
        """
        for path, length in zip(self._paths, lengths, strict=True):
            file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            self._files.append(file)
            _lock(file, path)
            if os.fstat(file).st_size < length:
                raise BatchError(f"{path} is shorter than its checkpoint says; --restart begins again")
            os.ftruncate(file, length)
            os.lseek(file, 0, os.SEEK_END)

    def append(self, texts: Sequence[bytes]) -> list[int]:
        """Write whole lines to the end of each part. Returns the number of bytes written to each."""
        for file, text in zip(self._files, texts, strict=True):
            remaining = memoryview(text)
            while remaining:
                remaining = remaining[os.write(file, remaining) :]
        return [len(text) for text in texts]

    def sync(self) -> None:
        """Flush the parts to the disk: after a power failure, they must have what the checkpoint says."""
        for file in self._files:
            os.fsync(file)

    def truncate(self, lengths: Sequence[int]) -> None:
        """Truncate the parts to the lengths. On a full disk, half a line may have been written."""
        for file, length in zip(self._files, lengths, strict=False):
            os.ftruncate(file, length)
            os.lseek(file, 0, os.SEEK_END)

    def close(self) -> None:
        """Close the parts. The files stay."""
        for file in self._files:
            os.close(file)
        self._files = []

    def remove(self) -> None:
        """Remove the parts."""
        for path in self._paths:
            path.unlink(missing_ok=True)

    def finish(self, types: Sequence[ColumnTypes]) -> None:
        """Turn each part into its output, in the format of its suffix. Outputs that exist without a part are done.

        ``types`` are those of each output, if it is a table.
        """
        for part, output, types_of_output in zip(self._paths, self._outputs, types, strict=True):
            if not part.exists():
                continue
            if output in self._optional and not part.stat().st_size:
                output.unlink(missing_ok=True)  # that of an earlier run
                part.unlink()
            else:
                _finish(part, output, types_of_output)


def part_of(output: Path) -> Path:
    """The part file of an output."""
    return output.with_name(output.name + ".part")


def _lock(file: int, path: Path) -> None:
    """Lock the part against other runs. The lock ends with the process."""
    with suppress(ImportError):  # not available on Windows
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BatchError(f"{path}: another run is writing it") from error
        except OSError:  # the file system has no locks
            return


def _finish(part: Path, output: Path, types: ColumnTypes) -> None:
    """Turn a part into its output. Whenever it is interrupted, the part or the whole output is there."""
    suffix = output.suffix.lower()
    if suffix not in (TABLE, ".gz", ".zst"):
        part.replace(output)
        return
    made = output.with_name(output.name + ".made")
    try:
        if suffix == TABLE:
            from cleaner.batch import parquet

            parquet.write(part, made, types.inputs, types.results)
        else:
            _compress(part, made, suffix)
        _sync(made)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    made.replace(output)
    part.unlink()


def _compress(part: Path, made: Path, suffix: str) -> None:
    with part.open("rb") as lines, made.open("wb") as raw:
        if suffix == ".zst":
            import zstandard

            zstandard.ZstdCompressor().copy_stream(lines, raw)
            return
        # Without a time and a name in the header, the same lines give the same bytes.
        with gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
            shutil.copyfileobj(lines, file, 1 << 20)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


# -- the checkpoint ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The file that holds the progress of a run. ``fingerprint`` identifies the run: its settings and its files."""

    path: Path
    fingerprint: dict[str, Any]

    def load(self) -> RunState | None:
        """The state of the run that was interrupted or that has finished, or None if there is none.

        Raises :class:`BatchError` where another run was interrupted. Another run that has finished is forgotten.
        """
        try:
            data = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise BatchError(f"{self.path} is damaged; --restart begins again") from error
        if not isinstance(data, dict) or data.get("version") != _VERSION:
            raise BatchError(f"{self.path} is of another version; --restart begins again")
        if not data["state"]["records"] and not data["state"]["complete"]:
            return None
        mine, other = self.fingerprint, data["fingerprint"]
        changed = sorted(key for key in mine | other if mine.get(key) != other.get(key))
        if changed and data["state"]["finished"]:
            return None
        if changed:
            raise BatchError(
                f"{self.path} is of a run with other {', '.join(changed)}; "
                "run it with the same to go on, or with --restart to begin again"
            )
        state = data["state"]
        return RunState(**{**state, "lengths": tuple(state["lengths"]), "counts": Counts(**state["counts"])})

    def save(self, state: RunState) -> None:
        """Replace the checkpoint atomically."""
        data = {"version": _VERSION, "fingerprint": self.fingerprint, "state": asdict(state)}
        write_atomically(self.path, json.dumps(data))

    def remove(self) -> None:
        """Delete the checkpoint."""
        self.path.unlink(missing_ok=True)


def write_atomically(path: Path, text: str) -> None:
    """Write a file in such a way that at any moment the old content or the new one is there."""
    temporary = path.with_name(path.name + ".new")
    try:
        temporary.write_text(text, encoding="utf-8")
        _sync(temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
