"""In which order addresses are asked: mixed, so that no subnet gets a burst, and always the same for one seed."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from random import Random


def mixed(parts: Sequence[Sequence[str]], seed: str) -> Iterator[str]:
    """Yield every address of every part once: each part in an order of its own, the parts in proportion.

    The same parts and seed give the same order, so that a resumed run goes on as it began.
    """
    shuffled = []
    for number, part in enumerate(parts):
        addresses = list(part)
        Random(f"{seed}/{number}").shuffle(addresses)  # noqa: S311 - an order, not a secret
        shuffled.append(addresses)
    return (address for address in chain.from_iterable(zip_longest(*shuffled)) if address is not None)
