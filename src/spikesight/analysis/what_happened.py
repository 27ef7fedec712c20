"""What happened in a trace, as plain facts and as sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spikesight.analysis.trace_series import View


@dataclass(frozen=True)
class Mark:
    """A mark of the trace near an event; `lead` is how many seconds before it (negative: after)."""

    t: float
    name: str
    text: str
    lead: float


@dataclass(frozen=True)
class Finding:
    """A series that changed near an event.

    `t` is when, `lead` how many seconds before the event, `uncertain` by how many seconds that may be off. `before` and
    `after` are means in the windows compared, in `unit`; `z` how unusual their difference is for this series, `p` its
    probability, `q` the share of false ones among findings as good as this (Benjamini-Hochberg over the series asked),
    `comparisons` the places and widths tried. `view` shows it.
    """

    series: str
    unit: str
    percent: bool
    t: float
    lead: float
    uncertain: float
    before: float
    after: float
    z: float
    p: float
    q: float
    comparisons: int
    view: View

    @property
    def order(self) -> str:
        """When it changed, as far as that can be told: "before", "together" or "after"."""
        return "together" if abs(self.lead) <= self.uncertain else "before" if self.lead > 0.0 else "after"

    def as_text(self) -> str:
        """Return it as a sentence."""
        moved = in_words(self.before, self.after, self.unit, self.percent)
        when = "at about the same time" if self.order == "together" else f"{span(abs(self.lead))} {self.order}"
        unusual = "it never changed otherwise" if math.isinf(self.z) else f"{abs(self.z):.3g} times its usual variation"
        return f"{sentence(self.series)} {moved} at {clock(self.t)}, {when}: {unusual}."


@dataclass(frozen=True)
class Event:
    """Something that happened: what (`series`, `kind`), from `t` to `end` in seconds, and what else changed.

    `kind` is "fall", "rise", "dip", "bump" or "silence". `before` and `during` are means in `unit`, `effect` their
    difference in standard deviations (NaN of a silence), `p` its probability by chance with all `comparisons` allowed
    for; `uncertain` is by how many seconds `t` may be off. `better` is 1 where the network did better from then on, -1
    where it did worse, 0 where that is not what changed. `findings` begin with what changed before or together, the
    most unusual first; `asked` series were tried.
    """

    series: str
    about: str
    unit: str
    percent: bool
    kind: str
    better: int
    t: float
    end: float
    uncertain: float
    reach: float
    before: float
    during: float
    effect: float
    p: float
    comparisons: int
    view: View
    findings: tuple[Finding, ...] = ()
    marks: tuple[Mark, ...] = ()
    asked: int = 0

    def as_text(self) -> str:
        """Return what happened, what changed with it and which marks are near: a line for each."""
        if self.kind == "silence":
            what = f"No spike from {clock(self.t)} to {clock(self.end)}: {self.series} was 0"
        else:
            until = f" until {clock(self.end)}" if self.kind in ("dip", "bump") else ""
            what = (
                f"{self.series} {in_words(self.before, self.during, self.unit, self.percent)} at {clock(self.t)}{until}"
            )
        lines = [f"{what[0].upper()}{what[1:]} (p = {self.p:.1g} with {self.comparisons} comparisons)."]
        lines += [f"- {one.as_text()}" for one in self.findings]
        lines += [f"- The mark '{one.name}' is at {clock(one.t)}: {one.text or 'no text'}." for one in self.marks]
        if not self.findings:
            lines.append(f"- None of {self.asked} other series changed more than it usually does.")
        return "\n".join(lines)


def sentence(words: str) -> str:
    """Return `words` with a capital letter in front."""
    return words[:1].upper() + words[1:]


def in_words(before: float, after: float, unit: str = "", percent: bool = False) -> str:
    """Return a change as words: "fell from 91 % to 74 %", "rose 3.1 times, from 2 to 6.2 Hz"."""
    verb, scale = "rose" if after > before else "fell", 100.0 if percent else 1.0
    after_number = f"{after * scale:.3g} {'%' if percent else unit}".rstrip()
    before_number = f"{before * scale:.3g} %" if percent else f"{before:.3g}"
    ratio = after / before if before > 0.0 else math.nan
    times = f" {ratio:.2g} times," if ratio >= 1.5 and not percent else ""
    return f"{verb}{times} from {before_number} to {after_number}"


def clock(t: float) -> str:
    """Return a time in seconds as hours, minutes and seconds: "0:53:12", with tenths where there are any."""
    hours, tenths = divmod(round(abs(t) * 10), 36_000)
    minutes, tenths = divmod(tenths, 600)
    rest = f"{tenths / 10:04.1f}" if tenths % 10 else f"{tenths // 10:02d}"
    return f"{'-' if t < 0 else ''}{hours}:{minutes:02d}:{rest}"


def span(t: float) -> str:
    """Return a length of time >= 0 in seconds as words: "40 s", "5.2 min"."""
    for unit, length in (("h", 3600.0), ("min", 60.0), ("s", 1.0)):
        if t >= 2.0 * length:
            return f"{t / length:.3g} {unit}"
    return f"{t:.3g} s" if t >= 0.1 else f"{t * 1e3:.3g} ms"
