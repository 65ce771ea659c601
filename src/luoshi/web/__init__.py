"""The web product: settings, urls, middleware and the shell of every page."""
