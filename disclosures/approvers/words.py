"""What somebody reads who may approve only later."""

from django.utils.translation import gettext_lazy as _

TOO_NEW = _("Your account may approve only later: the list of proposals says when.")
