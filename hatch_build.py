"""Build hook of hatchling: the wheel holds the rule packs compiled, so that the first page of a language takes a few
milliseconds for its rules instead of hundreds.

An editable install has the TOML files alone, so that a rule that is added to them holds at once.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledPacks(BuildHookInterface):
    """Adds ``cleaner/rules/data/compiled/*.json`` to the wheel, without writing into the source tree."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._folder: Path | None = None
        if self.target_name != "wheel" or version == "editable":
            return
        if sys.version_info < (3, 11):  # noqa: UP036 pip has to build a wheel to be able to refuse this Python
            return
        sys.path.insert(0, self.root)
        try:
            from cleaner.rules import compiled, compiled_index, languages
        finally:
            sys.path.remove(self.root)
        self._folder = Path(tempfile.mkdtemp(prefix="compiled-packs-"))
        for name, data in compiled_index.files(("shared", *languages())):
            path = self._folder / name
            path.write_bytes(data)
            build_data["force_include"][str(path)] = f"cleaner/rules/data/{compiled.FOLDER}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if self._folder is not None:
            shutil.rmtree(self._folder)
