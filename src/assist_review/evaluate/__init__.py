"""Measuring reviews against labelled filings (format: docs/labels.md)."""
