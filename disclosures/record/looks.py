"""What of a person's record can be opened, in words: as the person reads it, and as staff do."""

from django.utils.translation import gettext_lazy

# Kind of a look → words for the person, words for staff. A look of a representative is in no list of staff's.
LOOKS = {
    "record": (
        gettext_lazy("The whole record"),
        gettext_lazy("The whole record"),
    ),
    "entries": (
        gettext_lazy("Disclosures"),
        gettext_lazy("Disclosures"),
    ),
    "identity": (
        gettext_lazy("Who you are here"),
        gettext_lazy("Who the person is"),
    ),
    "answers": (
        gettext_lazy("Your answers, and requests to you"),
        gettext_lazy("Answers and requests for approval"),
    ),
    "receipt": (
        gettext_lazy("The receipt of an answer"),
        gettext_lazy("The receipt of an answer"),
    ),
    "inquiries": (
        gettext_lazy("Which requests you sent to us"),
        gettext_lazy("Which requests the person sent to us"),
    ),
    "recalls": (
        gettext_lazy("Your recalls"),
        gettext_lazy("Recalls"),
    ),
    "case": (
        gettext_lazy("One disclosure that needed a look"),
        gettext_lazy("One disclosure that needed a look"),
    ),
    "refused_message": (
        gettext_lazy("A report about you that could not be recorded"),
        gettext_lazy("A message of a queue that names the person"),
    ),
    "inquiry": (
        gettext_lazy("What you wrote to us"),
        gettext_lazy("An inquiry of the person"),
    ),
    "inquiry_link": (
        gettext_lazy("A request to us was connected with your record, or that was taken back"),
        gettext_lazy("Connected a request with the record, or took that back"),
    ),
    "attachment": (
        gettext_lazy("A file that you sent to us, or we to you"),
        gettext_lazy("A file of an inquiry of the person"),
    ),
    "export": (
        gettext_lazy("A file with your record, made for you"),
        gettext_lazy("A file with the record, made for the person"),
    ),
    "withdrawal": (
        gettext_lazy("What follows a withdrawal"),
        gettext_lazy("What follows a withdrawal"),
    ),
    "recall": (
        gettext_lazy("What follows your recall"),
        gettext_lazy("What follows a recall"),
    ),
    "affected": (
        gettext_lazy("A list of people whose data went somewhere: you are on it"),
        gettext_lazy("A list of people whose data went somewhere"),
    ),
    "lookup": (
        gettext_lazy("Whether you are known here"),
        gettext_lazy("Whether the person is known"),
    ),
    "accesses": (
        gettext_lazy("Who looked at your record"),
        gettext_lazy("Who looked at the record"),
    ),
    "withheld": (
        gettext_lazy("One disclosure, for a reason of law"),
        gettext_lazy("One disclosure, for a reason of law"),
    ),
    "account": (
        gettext_lazy("How you log in"),
        gettext_lazy("How the person logs in"),
    ),
    "accounts": (
        gettext_lazy("Your accounts"),
        gettext_lazy("The accounts of the person"),
    ),
    "representatives": (
        gettext_lazy("Who acts for you"),
        gettext_lazy("Who acts for the person"),
    ),
    "filing": (
        gettext_lazy("A form to file a recall for you"),
        gettext_lazy("A form to file a recall for the person"),
    ),
    "delivery": (
        gettext_lazy("A message to a service about your answer"),
        gettext_lazy("A message to a service about an answer of the person"),
    ),
    "represented": (
        gettext_lazy("Pages of your record, acting for you"),
        gettext_lazy("Pages of your record, acting for you"),
    ),
    "represented_act": (
        gettext_lazy("An answer, or another step, acting for you"),
        gettext_lazy("An answer, or another step, acting for you"),
    ),
}


def opened_words(what: str) -> str:
    """Return what was opened, for the person whose record it is."""
    for_person, _for_staff = LOOKS.get(what, (what, what))
    return str(for_person)


def looked_at_words(what: str) -> str:
    """Return what was opened, for staff."""
    _for_person, for_staff = LOOKS.get(what, (what, what))
    return str(for_staff)
