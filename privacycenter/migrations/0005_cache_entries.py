"""The table of cache entries in a database that version 0.1.0 made as it was first released.

``0001_initial`` was changed afterwards: it made a table of call counts before, whose rows are worth a minute.
"""

from django.db import migrations


def make_what_is_missing(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    entry = apps.get_model("privacycenter", "CacheEntry")
    if entry._meta.db_table not in tables:
        schema_editor.create_model(entry)
    if "privacycenter_callcount" in tables:
        schema_editor.execute("DROP TABLE privacycenter_callcount")


class Migration(migrations.Migration):
    dependencies = [("privacycenter", "0004_where_leaving_leads")]

    operations = [migrations.RunPython(make_what_is_missing, migrations.RunPython.noop)]
