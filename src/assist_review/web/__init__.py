"""The web application: applicants submit, reviewers confirm, the record stands."""
