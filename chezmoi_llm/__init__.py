"""One list of language models, every dotfile right."""

__version__ = "0.1.0"
