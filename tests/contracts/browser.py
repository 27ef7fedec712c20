"""The Chromium that tests drive is the one that benchmarks drive."""

from spikesight.benchmarks.browser import MISSING, Browser

__all__ = ["MISSING", "Browser"]
