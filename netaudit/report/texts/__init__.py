"""All fixed texts of the reports, one TOML file a language."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from netaudit.report.message import Message, Value
from netaudit.report.phrases import load_phrases, refigured

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language. An unknown key or a missing value is a mistake of ours: KeyError."""

    language: str
    entries: Mapping[str, str | Mapping[str, str]]

    def __call__(self, key: str, **values: Value) -> str:
        """Return a text with its values filled in; `n` chooses between `one` and `other`."""
        entry = self.entries[key]
        if not isinstance(entry, str):
            entry = entry["one" if values["n"] == 1 else "other"]
        return entry.format_map({name: self._value(value) for name, value in values.items()}) if values else entry

    def tell(self, message: Message) -> str:
        """Return a message in this language."""
        return self(message.key, **message.values)

    def say(self, text: str) -> str:
        """Return a sentence that the program put together in English; as it is where there is no other form of it."""
        phrases = load_phrases(self.language, self._separators)
        return text if phrases is None else phrases.of(text) or text

    def say_list(self, text: str) -> str:
        """Return such a sentence, or a list of them with commas."""
        whole = self.say(text)
        return whole if whole != text else ", ".join(map(self.say, text.split(", ")))

    def say_rule(self, text: str) -> str:
        """Return such a sentence that may stand behind the id of a policy."""
        rule, colon, why = text.partition(": ")
        return f"{rule}{colon}{self.say(why)}" if why and self.say(text) == text else self.say(text)

    def figures(self, text: str) -> str:
        """Return an amount or a range as the plan writes it, with the separators of this language."""
        return refigured(text, *self._separators)

    def has(self, key: str) -> bool:
        """True when the catalogue holds the key."""
        return key in self.entries

    def number(self, value: int) -> str:
        """Return a whole number with the language's group separator."""
        return f"{value:,}".replace(",", str(self.entries["number.group"]))

    def amount(self, hundredths: int) -> str:
        """Return an amount; its hundredths only where there are any."""
        whole, rest = divmod(abs(hundredths), 100)
        decimals = f"{self.entries['number.decimal']}{rest:02}" if rest else ""
        return f"{'-' if hundredths < 0 else ''}{self.number(whole)}{decimals}"

    def percent(self, confidence: float) -> str:
        """Return a probability in per cent, cut and never rounded up: 100 is only shown for certainty."""
        return _percent(confidence, str(self.entries["number.percent"]), str(self.entries["number.decimal"]))

    @property
    def _separators(self) -> tuple[str, str]:
        return str(self.entries["number.group"]), str(self.entries["number.decimal"])

    def _value(self, value: Value) -> str:
        return self.number(value) if isinstance(value, int) else value


@lru_cache(maxsize=4096)
def _percent(confidence: float, form: str, decimal: str) -> str:
    tenths = int(round(confidence * 1000, 6))
    return form.format(value=f"{tenths // 10}{decimal}{tenths % 10}" if tenths % 10 else str(tenths // 10))


@cache
def load_texts(language: str = "en") -> Texts:
    """Load the catalogue of a language. Raises FileNotFoundError when there is none."""
    data = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Texts(language, dict(_flatten(data, "")))


def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def _flatten(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str | Mapping[str, str]]]:
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            yield from _flatten(value, f"{name}.")
        else:
            yield name, value
