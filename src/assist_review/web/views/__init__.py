"""Views by who uses them: a form in, a use case called, a page out."""
