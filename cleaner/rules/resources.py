"""The data files of the library's packs, in a folder or in a zip archive."""

import os
from typing import Any, Final

_FOLDER: Final = os.path.join(os.path.dirname(__file__), "data")  # noqa: PTH118, PTH120 loaders take paths as strings
_LOADER: Final[Any] = __spec__.loader  # the one of a folder and the one of a zip archive read data alike


def read_data(name: str) -> bytes:
    """The bytes of a file in ``cleaner/rules/data``. Raises ``OSError`` where there is none."""
    # ``importlib.resources`` does the same, and takes 6 ms to import.
    return bytes(_LOADER.get_data(os.path.join(_FOLDER, *name.split("/"))))  # noqa: PTH118


def data_names() -> list[str]:
    """The names of the files in ``cleaner/rules/data``."""
    try:
        return os.listdir(_FOLDER)  # noqa: PTH208
    except OSError:  # a zip archive
        from importlib import resources

        return [entry.name for entry in resources.files("cleaner.rules").joinpath("data").iterdir()]
