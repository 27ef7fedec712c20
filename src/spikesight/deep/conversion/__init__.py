"""Artificial networks made spiking: scales found from data or learned, rates in place of activations, and how well."""

from spikesight.deep.conversion.convert import Normalised, convert, scales_of
from spikesight.deep.conversion.methods import Balanced, Largest, Learned, Method, Percentile
from spikesight.deep.conversion.qcfs import QCFS
from spikesight.deep.conversion.report import Curve, Line, Report, curve, report
from spikesight.deep.conversion.spiking import LargestCount, RateNeuron, Wired

__all__ = [
    "QCFS",
    "Balanced",
    "Curve",
    "Largest",
    "LargestCount",
    "Learned",
    "Line",
    "Method",
    "Normalised",
    "Percentile",
    "RateNeuron",
    "Report",
    "Wired",
    "convert",
    "curve",
    "report",
    "scales_of",
]
