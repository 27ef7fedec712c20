"""What an operation of a chip costs in energy, as published: the one place for these figures.

They are of single operations in one technology (45 nm), arithmetic without control: good for comparing two networks on
the same assumptions, not for telling what a device draws.
"""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.base.errors import InputError

PICO = 1e-12

HOROWITZ = "Horowitz, ISSCC 2014, 10-14, figure 1.1.9, as commonly cited"


@dataclass(frozen=True)
class Arithmetic:
    """Joules of one addition, one multiplication, and of a byte read or written in a small memory; bytes of a number.

    Errors: InputError for figures below 0, or numbers of no byte.
    """

    name: str
    add: float
    multiply: float
    byte: float
    width: int
    source: str

    def __post_init__(self) -> None:
        if not min(self.add, self.multiply, self.byte) >= 0.0 or self.width < 1:
            raise InputError(f"energies are joules, not below 0, and a number takes a byte at least; got {self}")

    @property
    def accumulate(self) -> float:
        """Joules of one accumulation: an addition."""
        return self.add

    @property
    def multiply_accumulate(self) -> float:
        """Joules of one multiply-accumulate."""
        return self.add + self.multiply


_BYTE = 20.0 * PICO / 8.0
"""Of a cache of 32 kB, 20 pJ for 64 bits."""
FLOAT32 = Arithmetic(
    "45 nm, 32-bit float", 0.9 * PICO, 3.7 * PICO, _BYTE, 4,
    f"{HOROWITZ}: addition 0.9 pJ, multiplication 3.7 pJ; 64 bits of a 32 kB memory 20 pJ",
)  # fmt: skip
FLOAT16 = Arithmetic(
    "45 nm, 16-bit float", 0.4 * PICO, 1.1 * PICO, _BYTE, 2,
    f"{HOROWITZ}: addition 0.4 pJ, multiplication 1.1 pJ; 64 bits of a 32 kB memory 20 pJ",
)  # fmt: skip
INT8 = Arithmetic(
    "45 nm, 8-bit integer", 0.03 * PICO, 0.2 * PICO, _BYTE, 1,
    f"{HOROWITZ}: addition 0.03 pJ, multiplication 0.2 pJ; 64 bits of a 32 kB memory 20 pJ",
)  # fmt: skip
ARITHMETICS = (FLOAT32, FLOAT16, INT8)
