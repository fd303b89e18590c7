"""Deterministic rules, one module per subject."""
