"""Whole lines into part files, and a checkpoint that says how far they are good.

A part file becomes the output when the run has ended. Until then a run that is cut off, in whatever way, is taken up
where the checkpoint is: what stands in the parts beyond it is cut away, and made again.
"""

import gzip
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from cleaner.batch.cleaning import Tally
from cleaner.batch.errors import BatchError

#: What a checkpoint looks like; one of another version is of no use.
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: records done, a sum over what was in them, and the good length of each part.

    ``complete`` says that all records are done, and parts may have become outputs already.
    """

    records: int = 0
    seen: int = 0
    lengths: tuple[int, ...] = ()
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    complete: bool = False


class Parts:
    """The outputs of a run as they grow."""

    def __init__(self, outputs: Sequence[Path]) -> None:
        self._outputs = outputs
        self._paths = [part_of(output) for output in outputs]
        self._files: list[int] = []

    def open(self, lengths: Sequence[int]) -> None:
        """Open the parts and cut away what is beyond the lengths; empty ones where there are none."""
        for path, length in zip(self._paths, lengths or [0] * len(self._paths), strict=True):
            file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
            self._files.append(file)
            _lock(file, path)
            if os.fstat(file).st_size < length:
                raise BatchError(f"{path} is shorter than its checkpoint says; --restart begins again")
            os.ftruncate(file, length)
            os.lseek(file, 0, os.SEEK_END)

    def append(self, texts: Sequence[bytes]) -> list[int]:
        """Write whole lines to the end of each part; how many bytes each has grown by."""
        for file, text in zip(self._files, texts, strict=True):
            left = memoryview(text)
            while left:
                left = left[os.write(file, left) :]
        return [len(text) for text in texts]

    def sync(self) -> None:
        """Have the disk hold what was written: a checkpoint must not say more than would be there after a power cut."""
        for file in self._files:
            os.fsync(file)

    def truncate(self, lengths: Sequence[int]) -> None:
        """Cut away what is beyond the lengths: half a line, where the disk is full."""
        for file, length in zip(self._files, lengths, strict=False):
            os.ftruncate(file, length)
            os.lseek(file, 0, os.SEEK_END)

    def close(self) -> None:
        """Close the parts, which stay."""
        for file in self._files:
            os.close(file)
        self._files = []

    def remove(self) -> None:
        """Remove the parts."""
        for path in self._paths:
            path.unlink(missing_ok=True)

    def finish(self, types: Mapping[str, Any]) -> None:
        """Make each part the output that its suffix asks for; those that are already stay as they are."""
        for part, output in zip(self._paths, self._outputs, strict=True):
            if part.exists():
                _finish(part, output, types)


def part_of(output: Path) -> Path:
    """The file that an output is until it is done."""
    return output.with_name(output.name + ".part")


def _lock(file: int, path: Path) -> None:
    """Keep other runs from the part. A run that is killed keeps nobody from it."""
    with suppress(ImportError):  # Unix alone has it
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BatchError(f"{path}: another run is writing it") from error
        except OSError:  # a file system without locks
            return


def _finish(part: Path, output: Path, types: Mapping[str, Any]) -> None:
    made = output.with_name(output.name + ".made")
    try:
        if output.suffix == ".parquet":
            from cleaner.batch import parquet

            parquet.write(part, made, types)
        elif output.suffix == ".gz":
            # Without time and name, so that the same lines are the same bytes.
            with part.open("rb") as lines, made.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as file:
                shutil.copyfileobj(lines, file, 1 << 20)
        elif output.suffix == ".zst":
            import zstandard

            with part.open("rb") as lines, made.open("wb") as raw:
                zstandard.ZstdCompressor().copy_stream(lines, raw)
        else:
            part.replace(output)
            return
        _sync(made)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    made.replace(output)
    part.unlink()


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


# -- the checkpoint ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The file that says how far a run is. ``about`` is what the run was asked to do, and with what."""

    path: Path
    about: dict[str, Any]

    def load(self) -> State | None:
        """Where the run was cut off; None where it was not begun. A :class:`BatchError` where it was another run."""
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
        changed = sorted(key for key in self.about | data["about"] if self.about.get(key) != data["about"].get(key))
        if changed:
            raise BatchError(
                f"{self.path} is of a run with other {', '.join(changed)}; "
                "run it with the same to go on, or with --restart to begin again"
            )
        state = data["state"]
        return State(**{**state, "lengths": tuple(state["lengths"]), "tally": Tally(**state["tally"])})

    def save(self, state: State) -> None:
        """Write the state, so that at any moment there is the old checkpoint or the new one."""
        data = {"version": _VERSION, "about": self.about, "state": asdict(state)}
        write_whole(self.path, json.dumps(data))

    def remove(self) -> None:
        """Forget where the run was: it has ended."""
        self.path.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file, so that at any moment there is the old one or the new one."""
    made = path.with_name(path.name + ".new")
    try:
        made.write_text(text, encoding="utf-8")
        _sync(made)
        made.replace(path)
    except BaseException:
        with suppress(OSError):
            made.unlink(missing_ok=True)
        raise
