"""Spikes counted ahead of the question: by time and group of units, and by block of stimuli, class and unit.

Caches, all of them: a file that is missing, damaged or out of date costs time and changes no answer.
"""
