"""What one key of a manifest may hold: each check names the key, what it must be and what was found, in the words of SCHEMA.md."""

from __future__ import annotations

import re
from typing import Any

from ..errors import InvalidInputError

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


class BundleError(InvalidInputError):
    """A bundle or its manifest is not what SCHEMA.md asks for."""


def wrong(key: str, expected: str, found: object) -> BundleError:
    shown = repr(found)
    return BundleError(f"{key} must be {expected}, got {shown if len(shown) <= 80 else shown[:77] + '...'}")


def mapping(key: str, value: object, keys: str, optional: str = "") -> dict[str, Any]:
    """A mapping with every one of ``keys``, perhaps with ``optional`` ones, and with no others."""
    if not isinstance(value, dict):
        raise wrong(key, "a mapping", value)
    prefix = "" if key == "manifest" else key + "."
    wanted = keys.split()
    for name in wanted:
        if name not in value:
            raise BundleError(f"missing key '{prefix}{name}'")
    for name in value:
        if name not in wanted and name not in optional.split():
            raise BundleError(f"unknown key '{prefix}{name}'")
    return value


def is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63


def positive(key: str, value: object) -> int:
    if not is_positive(value):
        raise wrong(key, "a positive integer", value)
    return value


def number(key: str, value: object, least: float, most: float, *, above: bool = False) -> float:
    """A YAML number, whole or not, in [least, most]; in (least, most] if ``above``."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)  # the comparison refuses NaN and infinity
    if not is_number or not least <= value <= most or (above and value == least):
        raise wrong(key, f"a number from {least} to {most}", value)
    return float(value)


def text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(key, "a non-empty string", value)
    return value


def matching(key: str, value: object, pattern: re.Pattern[str], expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise wrong(key, expected, value)
    return value


def name(key: str, value: object) -> str:
    return matching(key, value, NAME, "lower-case letters, digits, dots and hyphens")


def one_of(key: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise wrong(key, "one of " + ", ".join(allowed), value)
    return value
