"""Who at the desk may answer requests to the operator."""

from django.db.models import Q, QuerySet

from privacycenter.models import User

MAY_SEE, MAY_ANSWER = "disclosures.view_inquiry", "disclosures.add_inquirystep"


def answerers() -> QuerySet[User]:
    """Select the staff who may answer requests, by their names."""
    app_label, codename = MAY_ANSWER.split(".")
    through = {"codename": codename, "content_type__app_label": app_label}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in through.items()})
    by_themselves = Q(**{f"user_permissions__{name}": value for name, value in through.items()})
    staff = User.objects.filter(is_staff=True, is_active=True)
    return staff.filter(Q(is_superuser=True) | by_group | by_themselves).distinct().order_by("display_name", "pk")
