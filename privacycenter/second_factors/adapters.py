"""What second factors differ in from allauth's."""

from allauth.mfa.adapter import DefaultMFAAdapter

from privacycenter.encryption import seal, unseal

# What the keys of secrets of second factors are derived for (``encryption``).
PURPOSE = "authenticators"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Rules for second factors: a copy of the database alone does not tell their secrets."""

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises CannotOpenError."""
        return unseal(encrypted_text, purpose=PURPOSE)
