"""The database itself refuses changes to the audit log and to decisions."""

from django.db import migrations

_KEPT = {"web_auditrecord": ("UPDATE", "DELETE"), "web_decisionrecord": ("UPDATE",)}


def forwards(apps, editor):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Triggers in the words of each database."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION web_append_only() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'append-only'; END; $$ LANGUAGE plpgsql"
        )
    for table, events in _KEPT.items():
        for event in events:
            name = f"{table}_no_{event.lower()}"
            if editor.connection.vendor == "postgresql":
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION web_append_only()"
                )
            else:
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
                )


def backwards(apps, editor):  # type: ignore[no-untyped-def]  # noqa: ARG001
    """Without them."""
    on = editor.connection.vendor == "postgresql"
    for table, events in _KEPT.items():
        for event in events:
            editor.execute(f"DROP TRIGGER {table}_no_{event.lower()}" + (f" ON {table}" if on else ""))
    if on:
        editor.execute("DROP FUNCTION web_append_only()")


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
