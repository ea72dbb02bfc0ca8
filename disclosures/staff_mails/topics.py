"""What deciding to write to a member of staff leaves for followers."""

from privacycenter.outbox.topics import Payload, Topic


class StaffMailDue(Payload):
    """``mail``: the key of the ``StaffMail``."""

    mail: int


STAFF_MAIL_DUE = Topic("staff_mail.due", StaffMailDue)
