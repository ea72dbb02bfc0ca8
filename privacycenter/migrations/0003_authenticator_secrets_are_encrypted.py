"""Secrets of second factors that were stored in the clear are encrypted. Going back decrypts them."""

from django.db import migrations

from privacycenter.encryption import seal, unseal

PURPOSE = "authenticators"


def encrypt(apps, _editor):
    rewrite(apps, lambda text: seal(text, purpose=PURPOSE))


def decrypt(apps, _editor):
    rewrite(apps, lambda text: unseal(text, purpose=PURPOSE))


def rewrite(apps, change):
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]).iterator():
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = change(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("privacycenter", "0002_outbox_lines"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(encrypt, decrypt)]
