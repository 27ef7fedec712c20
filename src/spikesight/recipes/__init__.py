"""Published claims, one folder each: configuration, method, the number the paper states and the number we measured."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "recipe",
    {
        "asp-lifelong": "spikesight.recipes.asp_lifelong.recipe:RECIPE",
        "balanced-network": "spikesight.recipes.balanced_network.recipe:RECIPE",
        "bioinspired-eth80": "spikesight.recipes.bioinspired_eth80.recipe:RECIPE",
        "coincidence": "spikesight.recipes.coincidence.recipe:RECIPE",
        "controlled-variation": "spikesight.recipes.controlled_variation.recipe:RECIPE",
        "diehl-cook-digits": "spikesight.recipes.diehl_cook_digits.recipe:RECIPE",
        "diehl-cook-mnist": "spikesight.recipes.diehl_cook_mnist.recipe:RECIPE",
        "dvs-attention": "spikesight.recipes.dvs_attention.recipe:RECIPE",
        "falez-mnist": "spikesight.recipes.falez_mnist.recipe:RECIPE",
        "late-fall": "spikesight.recipes.late_fall.recipe:RECIPE",
        "lif-quantizer": "spikesight.recipes.lif_quantizer.recipe:RECIPE",
        "mostafa-mnist": "spikesight.recipes.mostafa_mnist.recipe:RECIPE",
        "motion-delays": "spikesight.recipes.motion_delays.recipe:RECIPE",
        "motion-direction": "spikesight.recipes.motion_direction.recipe:RECIPE",
        "multi-pattern-detection": "spikesight.recipes.multi_pattern_detection.recipe:RECIPE",
        "pattern-detection": "spikesight.recipes.pattern_detection.recipe:RECIPE",
        "polychronous": "spikesight.recipes.polychronous.recipe:RECIPE",
        "rstdp-mnist": "spikesight.recipes.rstdp_mnist.recipe:RECIPE",
        "rstdp-relearning": "spikesight.recipes.rstdp_relearning.recipe:RECIPE",
        "rstdp-shallow": "spikesight.recipes.rstdp_shallow.recipe:RECIPE",
        "sdnn-eth80": "spikesight.recipes.sdnn_eth80.recipe:RECIPE",
        "sdnn-faces-motorbikes": "spikesight.recipes.sdnn_faces_motorbikes.recipe:RECIPE",
        "sdnn-mnist": "spikesight.recipes.sdnn_mnist.recipe:RECIPE",
        "static-pruning": "spikesight.recipes.static_pruning.recipe:RECIPE",
        "stidi-fashion": "spikesight.recipes.stidi_fashion.recipe:RECIPE",
        "stidi-mnist": "spikesight.recipes.stidi_mnist.recipe:RECIPE",
    },
)
