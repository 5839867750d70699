"""Lines of JSON: parsed with an error that says what is wrong, and written so that they are always valid UTF-8."""

import base64
import json
import math
from typing import Any

from cleaner.errors import CleanerError


def parse_line(line: bytes) -> dict[str, Any]:
    r"""The JSON object on a line. Raises :class:`CleanerError` if it is not one.

    >>> parse_line(b'{"id": 7}\n')
    {'id': 7}
    """
    end = "" if line.endswith(b"\n") else "; the file ends within this line"
    try:
        data = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise CleanerError(f"not UTF-8: byte 0x{line[error.start]:02x} at {error.start + 1:,}{end}") from error
    except json.JSONDecodeError as error:
        raise CleanerError(f"not JSON: {error.msg.removesuffix(' at')} at {error.pos + 1:,}{end}") from error
    except RecursionError as error:
        raise CleanerError("nested too deeply") from error
    if not isinstance(data, dict):
        raise CleanerError(f"{kind_of_value(data)}, not a JSON object{end}")
    return data


def kind_of_value(value: Any) -> str:
    """What a value is, in the words of JSON.

    >>> kind_of_value(None), kind_of_value([1])
    ('null', 'a list')
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    kinds = {"str": "a string", "list": "a list", "dict": "an object", "int": "a number", "float": "a number"}
    return kinds.get(type(value).__name__, type(value).__name__)


def to_line(data: dict[str, Any], *, strict: bool = True) -> bytes:
    r"""The data as a line of JSON in UTF-8.

    ``strict``: NaN and infinity become null. Bytes become base64, and other values without a type in JSON strings.

    >>> to_line({"score": float("nan"), "raw": b"a"})
    b'{"score": null, "raw": "YQ=="}\n'
    """
    try:
        text = json.dumps(data, ensure_ascii=False, allow_nan=not strict, default=_as_string)
    except ValueError:
        text = json.dumps(_with_finite_numbers(data), ensure_ascii=False, default=_as_string)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:  # a lone surrogate came in as an escape, and goes out as one
        return json.dumps(json.loads(text)).encode() + b"\n"


def _as_string(value: Any) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _with_finite_numbers(data: Any) -> Any:
    if isinstance(data, float) and not math.isfinite(data):
        return None
    if isinstance(data, dict):
        return {key: _with_finite_numbers(value) for key, value in data.items()}
    return [_with_finite_numbers(value) for value in data] if isinstance(data, list | tuple) else data
