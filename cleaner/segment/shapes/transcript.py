"""Times on lines of their own: those of a transcript, and those of minutes, timelines, tickers and recipes.

The times of subtitles and of a transcript are no content. A transcript counts from zero, and its fragments of speech go
on from one time to the next. Other times that stand above entries and count on belong to the entries.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.page import Part

#: Times of a subtitle file, where its first lines do not say what it is, and times between fragments, at least.
MIN_CUES: Final = 3
MIN_TIMES: Final = 5
#: Entries with times, at least.
MIN_ENTRIES: Final = 3
#: Share of the lines that times are, at least.
MIN_CUE_SHARE: Final = 0.2
MIN_TIME_SHARE: Final = 0.25
#: Characters of a time, at most: "[12:345:67.890]".
MAX_TIME: Final = 15
#: Seconds at which the first time stands, at most.
MAX_FIRST: Final = 60
#: Share of the fragments that begin with a small letter, and the words that they have on average, at least.
MIN_GOING_ON: Final = 0.5
MIN_WORDS: Final = 4

_STAMP: Final = r"(?:\d{1,2}:)?\d{1,2}:\d\d[.,]\d{1,3}"
_CUE: Final = re.compile(rf"{_STAMP}\s*-->\s*{_STAMP}(?:\s.*)?$")
_TIME: Final = re.compile(r"[\[(]?(?:(\d{1,2}):)?(\d{1,3}):(\d\d)(?:\.\d{1,3})?[\])]?$")
_FENCES: Final = ("```", "~~~")
#: The first line of a file of WebVTT, and the lines that begin its blocks without speech.
_WEBVTT: Final = re.compile(r"WEBVTT(?:\s|$)")
_NO_SPEECH: Final = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


def find(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a transcript with their parts; None for another text."""
    times = _subtitles(lines, texts) or _times(lines, texts)
    return _with_part(lines, times, Part.TIME) if times else None


def find_timeline(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a text in which a time stands above each entry, with their parts; None for another text."""
    times = _entry_times(lines, texts)
    return _with_part(lines, times, Part.ENTRY_TIME) if times else None


def _with_part(lines: Sequence[Line], marked: set[int], part: Part) -> list[Line]:
    return [line._replace(part=part) if at in marked else line for at, line in enumerate(lines)]


def _subtitles(lines: Sequence[Line], texts: Sequence[int]) -> set[int]:
    """The lines of a subtitle file that are no speech."""
    cues = [at for at in texts if "-->" in lines[at].text and _CUE.match(lines[at].text)]
    if not cues or any(lines[at].text.startswith(_FENCES) for at in texts):
        return set()
    is_sure = _begins_with_cue(lines, texts[0], cues[0])
    if not is_sure and (len(cues) < MIN_CUES or len(cues) < MIN_CUE_SHARE * len(texts)):
        return set()
    numbers = {at - 1 for at in cues if at and lines[at - 1].text.isdigit()}
    return {*cues, *numbers, *_head(lines, texts[0], cues[0])}


def _begins_with_cue(lines: Sequence[Line], first: int, cue: int) -> bool:
    """Whether a text begins as a subtitle file does: with a number above the first cue, or with ``WEBVTT``.

    Between ``WEBVTT`` and the first cue may stand its name, notes and styles.
    """
    if not _WEBVTT.match(lines[first].text):
        return lines[first].text.isdigit() and cue == first + 1
    begins = [at for at in range(first + 1, cue) if lines[at].text and not lines[at - 1].text]
    return all(at == cue - 1 or _NO_SPEECH.match(lines[at].text) for at in begins)


def _head(lines: Sequence[Line], first: int, cue: int) -> range:
    """The lines from ``WEBVTT`` to the first blank line; none of another file."""
    if not _WEBVTT.match(lines[first].text):
        return range(0)
    return range(first, next((at for at in range(first, cue) if not lines[at].text), cue))


def _times(lines: Sequence[Line], texts: Sequence[int]) -> set[int]:
    """The times between the fragments of speech."""
    found = _all_times(lines, texts)
    values = list(found.values())
    if len(found) < MIN_TIMES or values[0] > MAX_FIRST or not _count_on(values, texts):
        return set()
    fragments = _below_times(lines, texts, found)
    if not fragments:
        return set()
    going_on = sum(text[0].islower() for text in fragments)
    words = sum(len(text.split()) for text in fragments)
    is_speech = going_on >= MIN_GOING_ON * len(fragments) and words >= MIN_WORDS * len(fragments)
    return set(found) if is_speech else set()


def _entry_times(lines: Sequence[Line], texts: Sequence[int]) -> set[int]:
    """The times that stand above entries, each of which begins on the line below."""
    found = _all_times(lines, texts)
    if len(found) < MIN_ENTRIES or not _count_on(list(found.values()), texts):
        return set()
    entries = _below_times(lines, texts, found)
    return set(found) if len(entries) == len(found) else set()


def _all_times(lines: Sequence[Line], texts: Sequence[int]) -> dict[int, int]:
    """The lines that are times and nothing else, with their seconds."""
    return {at: seconds for at in texts if (seconds := _seconds(lines[at].text)) is not None}


def _count_on(values: Sequence[int], texts: Sequence[int]) -> bool:
    """Whether times are a good part of the lines, and none is earlier than the one before."""
    return len(values) >= MIN_TIME_SHARE * len(texts) and all(after >= before for before, after in pairwise(values))


def _below_times(lines: Sequence[Line], texts: Sequence[int], times: Mapping[int, int]) -> list[str]:
    """The lines right below times."""
    return [lines[below].text for at, below in pairwise(texts) if at in times and below not in times]


def _seconds(text: str) -> int | None:
    """The seconds of a line that is a time and nothing else."""
    match = _TIME.match(text) if len(text) <= MAX_TIME and (text[-1].isdigit() or text[-1] in "])") else None
    if match is None:
        return None
    hours, minutes, seconds = match.groups(default="0")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
