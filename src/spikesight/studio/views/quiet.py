"""How many neurons of a population do not spike at all, over the window."""

from spikesight.studio.view import Place, View
from spikesight.studio.views import health

VIEW = View(health.answer, "Silent neurons", ("neurons",), Place.LANE)
