"""The worker: `python -m assist_review.web.worker`, on as many machines as share the database and the data folder."""

from assist_review.web.serve import set_up


def main() -> None:
    """Works until stopped."""
    set_up()
    from django.core.management import call_command

    call_command("qcluster", verbosity=0)


if __name__ == "__main__":
    main()
