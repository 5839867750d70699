"""Completion in shells: ``cleaner --print-completion bash`` prints a script, which shtab makes of the parsers."""

import argparse
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from cleaner.errors import CleanerError, install_hint

#: The shells that shtab has scripts for.
SHELLS: Final = ("bash", "zsh", "tcsh")

#: Names of values for which shells complete the names of files.
_FILES: Final = ("FILE", "INPUT", "PACK", "PAGE")


def completion_script(shell: str, parser: argparse.ArgumentParser, subcommands: Mapping[str, str]) -> str:
    """The script that completes the options of a parser and of its sub-commands.

    ``subcommands`` has the module of each; if the module has a function ``parser``, its options are completed. The
    parser gets the sub-commands as arguments. Raises :class:`CleanerError` where shtab is not installed.
    """
    try:
        import shtab
    except ImportError as error:
        raise CleanerError(install_hint("shtab", "completion")) from error
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, module in subcommands.items():
        make_parser = getattr(import_module(module), "parser", None)
        parents = [make_parser()] if make_parser else []
        # shtab leaves out sub-commands without a help text.
        commands.add_parser(name, parents=parents, add_help=not parents, help=f"cleaner {name}")
    actions = parser._actions  # noqa: SLF001 argparse has no public list of them
    actions.insert(0, actions.pop())  # a sub-command is the first argument, before files
    _complete_files(parser, shtab.FILE)
    script = str(shtab.complete(parser, shell))
    # The first argument is a sub-command for shtab. Where none matches, bash shall complete the name of a file.
    return script.replace("complete -o bashdefault -F", "complete -o bashdefault -o default -F")


def _complete_files(parser: argparse.ArgumentParser, files: Mapping[str, str]) -> None:
    for action in parser._actions:  # noqa: SLF001
        if action.metavar in _FILES:
            vars(action)["complete"] = files  # where shtab looks for it
        for sub in _subparsers(action):
            _complete_files(sub, files)


def _subparsers(action: argparse.Action) -> Iterable[argparse.ArgumentParser]:
    choices: Any = action.choices
    return choices.values() if isinstance(choices, dict) else ()
