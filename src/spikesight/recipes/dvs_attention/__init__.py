"""Saliency on event streams by competing populations."""
