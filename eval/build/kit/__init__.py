"""What the build scripts of the labelled filings share."""
