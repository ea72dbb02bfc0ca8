"""The person's standing rules: list, preview, set and end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consents.asking import rules
from consents.asking.forms import RuleForm
from consents.asking.rule_actions import set_rule
from consents.models import RuleSetting
from disclosures.content.publications import document_for
from disclosures.public.uncached import for_everyone
from privacycenter.http.post_only import posted_from
from privacycenter.http.requests import PersonRequest

# The day on which the statement about Global Privacy Control in the docs and on /my/rules/ last changed.
GPC_CHANGED_ON = "2026-11-29"


@require_safe
@never_cache
@login_required
def rule_list(request: PersonRequest) -> HttpResponse:
    return show(request)


@require_safe
@never_cache
@login_required
def rule_preview(request: PersonRequest) -> HttpResponse:
    """Show what a rule would have decided so far. Saves nothing. Without a rule, lead to where one is chosen."""
    if not request.GET:
        return redirect("rule_list")
    document = document_for(request)
    form = RuleForm(request.GET, choices=rules.rule_choices(request.user, document))
    if not form.is_valid():
        return show(request, form, status=422)
    context = {
        "preview": rules.rule_preview(request.user, form.kind, form.code, form.chosen, document),
        "form": form,
        "view_section": "my",
        "my_section": "rules",
    }
    return render(request, "asking/rule_preview.html", context)


@never_cache
@posted_from("rule_list")
def rule_create(request: PersonRequest) -> HttpResponse:
    """Add a version of a rule: make, change or end it. Every rule in force can be ended."""
    document = document_for(request)
    choices = rules.rule_choices(request.user, document)
    ending = request.POST.get("setting") == RuleSetting.OFF
    if ending:
        choices = [
            (f"{row.rule.kind}:{row.rule.code}", row.title) for row in rules.rules_page(request.user, document).rules
        ]
    form = RuleForm(request.POST, choices=choices, ending=ending)
    if not form.is_valid():
        return show(request, form, status=422)
    set_rule(kind=form.kind, code=form.code, setting=form.chosen, by=request.user)
    messages.success(
        request, _("The rule has ended.") if ending else _("The rule is saved. It counts for requests from now on.")
    )
    return redirect("rule_list")


def show(request: PersonRequest, form: RuleForm | None = None, status: int = 200) -> HttpResponse:
    document = document_for(request)
    context = {
        "page": rules.rules_page(request.user, document),
        "groups": rules.rule_choices(request.user, document),
        "form": form,
        "view_section": "my",
        "my_section": "rules",
    }
    return render(request, "asking/rule_list.html", context, status=status)


@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    """Return /.well-known/gpc.json (Global Privacy Control, W3C): the signal alone changes nothing here.

    Why: docs/decisions, Global Privacy Control.
    """
    return for_everyone(JsonResponse({"gpc": False, "lastUpdate": GPC_CHANGED_ON}))
