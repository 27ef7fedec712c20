"""SI units as factors: `20 * ms` is 0.02 seconds. Spikesight stores seconds, volts and hertz."""

from typing import Final

second: Final = 1.0
ms: Final = 1e-3
us: Final = 1e-6
ns: Final = 1e-9
volt: Final = 1.0
mV: Final = 1e-3  # noqa: N816 - the symbol of the unit
hertz: Final = 1.0
