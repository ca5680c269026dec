"""Sphinx configuration."""

from equipoise import __version__

project = "equipoise"
author = "the equipoise authors"
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
templates_path = ["_templates"]
html_theme = "furo"
html_title = "equipoise"
exclude_patterns = ["_build", "_templates"]
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_typehints = "description"
nitpicky = False
# A word in the description of a type, such as seconds, is taken for a reference to every field of that name.
suppress_warnings = ["ref.python"]
