"""Dilated convolutions with learnable spacings: large kernels of few weights, each at a position that is learned."""

from spikesight.deep.spacings.interpolation import Bilinear, Gaussian, Largest, Triangle
from spikesight.deep.spacings.kernel import dense_kernel
from spikesight.deep.spacings.layers import Dcls1d, Dcls2d, Dcls3d
from spikesight.deep.spacings.positions import repulsion, share_positions

__all__ = [
    "Bilinear",
    "Dcls1d",
    "Dcls2d",
    "Dcls3d",
    "Gaussian",
    "Largest",
    "Triangle",
    "dense_kernel",
    "repulsion",
    "share_positions",
]
