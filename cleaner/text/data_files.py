"""The data files of the library's packages, in a folder or in a zip archive."""

import os
import sys


def read_data(package: str, name: str) -> bytes:
    """The bytes of a file of a package; ``name`` has slashes: ``read_data("cleaner.rules", "data/en.toml")``.

    Raises ``OSError`` if there is no such file.
    """
    # importlib.resources does the same, and takes 6 ms of the first call to import.
    module = sys.modules[package]
    path = os.path.join(os.path.dirname(str(module.__file__)), *name.split("/"))  # noqa: PTH118, PTH120
    loader = module.__spec__ and module.__spec__.loader
    return bytes(loader.get_data(path))  # type: ignore[union-attr]  # loaders of folders and of archives have it


def data_names(package: str, folder: str) -> list[str]:
    """The names of the files in a folder of a package."""
    path = os.path.join(os.path.dirname(str(sys.modules[package].__file__)), folder)  # noqa: PTH118, PTH120
    try:
        return os.listdir(path)  # noqa: PTH208
    except OSError:  # an archive
        from importlib import resources

        return [entry.name for entry in resources.files(package).joinpath(folder).iterdir()]
