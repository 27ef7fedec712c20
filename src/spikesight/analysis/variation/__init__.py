"""Controlled variation: the same images moved, scaled, turned, dimmed and filtered by degrees, and what it does to a
model.

`kinds` are what can vary, `designs` which of them vary together, `render` makes one image, `evaluate` a table of
answers; `summary`, `measures` and `plot` read it. Images are changed on this floor because nothing below it wants them
changed: encoders and data sets give images as they are.
Source: Kheradpisheh et al., Sci. Rep. 6:32672 and Front. Comput. Neurosci. 10:92 (2016); Ashtiani et al., Front.
Psychol. 8:1261 (2017).
"""
