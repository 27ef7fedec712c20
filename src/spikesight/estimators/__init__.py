"""Published systems as scikit-learn estimators: plain arrays in, plain arrays out.

An estimator is named after its paper and has the paper's constants as defaults; a recipe sets what its claim needs.
"""
