"""assist-review: drafts the review of a generative-AI service filing, with proof for every statement."""

__version__ = "0.1.0"
