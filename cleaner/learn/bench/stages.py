"""The CPU time of ``clean()`` by stage.

The library's own functions are wrapped with a timer where the pipeline calls them, so what is timed is what serves. A
function that is called inside of another one is not part of the other's time. So the stages add up to the whole.
"""

import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cleaner.model.trees import Trees
from cleaner.model.weights import load


class Stage(StrEnum):
    """A stage of ``clean()``, in the order of the pipeline. ``REST`` is what no other stage includes."""

    READING = "reading"
    CAPS = "caps before parsing"
    PARSING = "parsing"
    WALKING = "walking, segmenting"
    LANGUAGE = "language"
    FIRST_COLUMNS = "prose, first columns"
    FIRST_TREES = "first trees"
    RULES = "rules"
    SECOND = "second columns, second trees"
    DECISION = "decision"
    PLEAS = "splitting pleas"
    JOINING = "joining"
    REST = "the rest"


def _of_trees(trees: Trees, *_: object, **__: object) -> Stage:
    return Stage.SECOND if trees is load().second_stage else Stage.FIRST_TREES


@dataclass(frozen=True, slots=True)
class Target:
    """A function that is timed: its full name where it is looked up, and its stage, which may depend on arguments."""

    path: str
    stage: Stage | Callable[..., Stage]


TARGETS: Final = (
    Target("cleaner.pipeline.read", Stage.READING),
    Target("cleaner.segment.html.is_hostile", Stage.CAPS),
    Target("cleaner.segment.html.LexborHTMLParser", Stage.PARSING),
    Target("cleaner.pipeline.segment", Stage.WALKING),
    Target("cleaner.pipeline.detect", Stage.LANGUAGE),
    Target("cleaner.pipeline.find_prose", Stage.FIRST_COLUMNS),
    Target("cleaner.model.scoring.page_features", Stage.FIRST_COLUMNS),
    Target("cleaner.features.text_lines.columns", Stage.FIRST_COLUMNS),
    Target("cleaner.model.trees.Trees.log_odds", _of_trees),
    Target("cleaner.pipeline.rule_index", Stage.RULES),
    Target("cleaner.model.scoring.evidence_for_blocks", Stage.RULES),
    Target("cleaner.model.scoring.evidence_for_text", Stage.RULES),
    Target("cleaner.features.page_features.PageFeatures.second_stage", Stage.SECOND),
    Target("cleaner.pipeline.decide_page", Stage.DECISION),
    Target("cleaner.pipeline.decide_text", Stage.DECISION),
    Target("cleaner.decision.page_data.find_article", Stage.DECISION),
    Target("cleaner.pipeline.find_pleas", Stage.PLEAS),
    Target("cleaner.pipeline.split_blocks", Stage.PLEAS),
    Target("cleaner.pipeline.text_of", Stage.JOINING),
)


class Stopwatch:
    """Sums up the time of each stage. ``clock`` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds: dict[Stage, float] = {}
        self._open: list[Stage] = []
        self._since = 0.0

    def timed(self, stage: Stage | Callable[..., Stage], function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time counted to a stage. While it runs, the time of its caller's stage stands."""

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            own = stage if isinstance(stage, Stage) else stage(*args, **kwargs)
            self._tick()
            self._open.append(own)
            try:
                return function(*args, **kwargs)
            finally:
                self._tick()
                self._open.pop()

        return wrapper

    def take(self) -> dict[Stage, float]:
        """The seconds of each stage since the last call."""
        seconds, self._seconds = self._seconds, {}
        return seconds

    def _tick(self) -> None:
        """Count the time since the last tick to the innermost open stage."""
        now = self._clock()
        if self._open:
            stage = self._open[-1]
            self._seconds[stage] = self._seconds.get(stage, 0.0) + now - self._since
        self._since = now

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Within the context the targets are timed. Raises ``AttributeError`` where a target has another name now."""
        originals = []
        try:
            for target in TARGETS:
                owner, _, name = target.path.rpartition(".")
                place = pkgutil.resolve_name(owner)
                function = getattr(place, name)
                originals.append((place, name, function))
                setattr(place, name, self.timed(target.stage, function))
            yield
        finally:
            for place, name, function in reversed(originals):
                setattr(place, name, function)
