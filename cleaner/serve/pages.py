"""The pages that ``cleaner serve`` shows one after the other, and the files of labels beside them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final

from cleaner.errors import CleanerError, InputTooLarge, describe, size_message
from cleaner.serve.labels_file import LabelsFile, parse, to_text

#: The files of a folder that are pages. A file that is named itself may have any suffix.
SUFFIXES: Final = frozenset({".html", ".htm", ".xhtml", ".txt", ".md"})
LABELS_SUFFIX: Final = ".labels"


@dataclass(frozen=True, slots=True)
class Labels:
    """The file of labels of a page; ``version`` tells one content from another, and is "" where there is no file."""

    file: LabelsFile
    version: str


class Pages:
    """The pages of folders and files, in a fixed order; callers name them by their numbers, from 0 on.

    Raises :class:`CleanerError` for a name that cannot be read and for a folder without pages. Folders are read with
    the folders in them; what begins with a dot is left out.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._paths = [path for name in names for path in _found(Path(name))]
        self._saving = Lock()
        self._root = Path(os.path.commonpath([path.parent for path in self._paths])) if self._paths else Path()

    def __len__(self) -> int:
        return len(self._paths)

    def names(self) -> list[str]:
        """The path of each page below the folder that all of them are in."""
        return [path.relative_to(self._root).as_posix() for path in self._paths]

    def has_labels(self) -> list[bool]:
        """Whether there is a file of labels, for each page."""
        return [self._labels_path(number).is_file() for number in range(len(self))]

    def read(self, number: int, max_size: int) -> bytes:
        """The content of a page. Raises :class:`CleanerError` where it cannot be read or is over ``max_size`` bytes."""
        try:
            with self._path(number).open("rb") as file:
                data = file.read(max_size + 1)
        except OSError as error:
            raise CleanerError(f"{self.names()[number]}: {describe(error)}") from error
        if len(data) > max_size:
            raise InputTooLarge(size_message(max_size))
        return data

    def labels(self, number: int) -> Labels:
        """The labels of a page; none where it has no file. Raises :class:`CleanerError` for a file that is wrong."""
        path = self._labels_path(number)
        content = _content(path)
        if not content:
            return Labels(LabelsFile(), _version(content))
        try:
            return Labels(parse(content.decode()), _version(content))
        except ValueError as error:  # a UnicodeDecodeError, or a CleanerError of a line
            raise CleanerError(f"{path.name}: {error}") from error

    def save(self, number: int, file: LabelsFile, version: str) -> Labels:
        """Writes the labels of a page and returns them as they are now.

        ``version`` is that of the labels that were shown. Raises :class:`CleanerError` where the file has changed
        since, where another page would have the same file, and where it cannot be written.
        """
        path = self._labels_path(number)
        others = [name for at, name in enumerate(self.names()) if at != number and self._labels_path(at) == path]
        if others:
            raise CleanerError(f"{path.name} would hold the labels of {others[0]} as well: rename one of the two pages")
        content = to_text(file).encode()
        with self._saving:
            if _version(_content(path)) != version:
                raise CleanerError(f"{path.name} has changed on the disk since it was read: open the page again")
            try:
                _replace(path, content)
            except OSError as error:
                raise CleanerError(f"{path.name}: {describe(error)}") from error
        return Labels(file, _version(content))

    def _path(self, number: int) -> Path:
        if not 0 <= number < len(self):
            raise CleanerError(f"there is no page {number}: there are {len(self)}")
        return self._paths[number]

    def _labels_path(self, number: int) -> Path:
        return self._path(number).with_suffix(LABELS_SUFFIX)


def _found(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path.absolute()
        return
    if not path.is_dir():
        raise CleanerError(f"{path}: no such file or folder")
    found = sorted(
        file.absolute()
        for file in path.rglob("*")
        if file.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and file.is_file()
    )
    if not found:
        raise CleanerError(f"{path}: no pages in it; pages are {', '.join(sorted(SUFFIXES))}")
    yield from found


def _content(path: Path) -> bytes:
    """The content of a file of labels; nothing where there is no file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise CleanerError(f"{path.name}: {describe(error)}") from error


def _version(content: bytes) -> str:
    return sha256(content).hexdigest() if content else ""


def _replace(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    new = path.with_name(f".{path.name}-{token_hex(8)}")
    try:
        with new.open("xb") as file:
            file.write(content)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
