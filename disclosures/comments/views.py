"""Pages of comments: the list of threads, and the threads of one field, where they are written in."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from disclosures.comments.actions import (
    add_comment,
    choose_comment_mails,
    edit_comment,
    reopen_thread,
    resolve_thread,
    withdraw_comment,
)
from disclosures.comments.fields import CHANGEABLE_FOR, comment_fields, may_see
from disclosures.comments.forms import CommentForm, CommentMailForm
from disclosures.comments.queries import field_threads, mail_choice_of, open_thread_count, thread_list
from disclosures.content.entries import edit_url, row_of, title_in
from disclosures.content.held_copy import held_copy
from disclosures.models import Comment
from privacycenter.errors import InvalidValue, NoLongerOpen, NotFound, Refusal, StepTooLate
from privacycenter.http.declared_views import shows_nobody
from privacycenter.models import User

SHOWN = {
    "open": gettext_lazy("Not resolved"),
    "mine": gettext_lazy("Not resolved, and with me"),
    "resolved": gettext_lazy("Resolved"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@shows_nobody
def comment_list(request: HttpRequest) -> HttpResponse:
    """List the threads. POST chooses of which comments one is told by mail."""
    by = cast(User, request.user)
    if not any_seen(by):
        raise PermissionDenied
    form = CommentMailForm(request.POST if request.method == "POST" else None, initial={"wanted": mail_choice_of(by)})
    if request.method == "POST" and form.is_valid():
        choose_comment_mails(**form.cleaned_data, by=by)
        messages.success(request, _("Your choice is saved."))
        return redirect("admin:comments")
    shown = request.GET.get("show", "") if request.GET.get("show") in SHOWN else "open"
    context = {
        **admin.site.each_context(request),
        "title": _("Comments of colleagues"),
        "parts": SHOWN.items(),
        "shown": shown,
        "page": thread_list(
            by, is_open=shown != "resolved", is_mine=shown == "mine", number=request.GET.get("page", "")
        ),
        "form": form,
    }
    return TemplateResponse(request, "comments/comments.html", context, status=422 if form.errors else 200)


def any_seen(by: User) -> bool:
    return by.has_perm("disclosures.view_page")


def front_page(by: User) -> dict[str, Any]:
    return {"comment_count": open_thread_count(by)} if any_seen(by) else {}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@shows_nobody
def field_comments(request: HttpRequest, kind: str, code: str, field: str) -> HttpResponse:
    """Show the threads of one field. POST writes a comment, changes one's own, or moves a thread."""
    by = cast(User, request.user)
    if field not in comment_fields(kind):
        raise Http404
    if not may_see(by, kind):
        raise PermissionDenied
    # Of an entry that is gone those threads stay that were written.
    is_there = row_of(kind, code) is not None
    if not (is_there or Comment.objects.filter(kind=kind, code=code, field=field).exists()):
        raise Http404
    if request.method != "POST":
        return show_field(request, kind, code, field)
    done = Doing(request, kind, code, field, by)
    try:
        done.act()
    except NotFound as error:
        raise Http404 from error
    except Refusal as refusal:
        return show_field(request, kind, code, field, failed=done, said=words_of(refusal), status=422)
    return redirect(f"{request.path}#thread-{done.thread}" if done.thread else request.path)


class Doing:
    """What one of the page's forms asks for: the name of its button, and the number that it is about."""

    def __init__(self, request: HttpRequest, kind: str, code: str, field: str, by: User) -> None:
        self.name, _colon, number = request.POST.get("do", "").partition(":")
        self.number = int(number) if number.isdecimal() and len(number) < 19 else 0
        self.text, self.by = request.POST.get("text", "").replace("\r\n", "\n"), by
        self.place: dict[str, Any] = {"kind": kind, "code": code, "field": field}
        self.thread = 0

    @property
    def about(self) -> str:
        return f"{self.name}-{self.number}"

    def act(self) -> None:
        if self.name == "begin":
            self.thread = self.add(None)
            return
        self.thread = self.thread_here()
        if self.name == "answer":
            self.add(self.number)
        elif self.name == "edit":
            edit_comment(comment=self.number, text=self.text, by=self.by)
        elif self.name == "withdraw":
            withdraw_comment(comment=self.number, by=self.by)
        elif self.name == "resolve":
            resolve_thread(thread=self.number, by=self.by)
        elif self.name == "reopen":
            reopen_thread(thread=self.number, by=self.by)
        else:
            raise NotFound("There is no such button.")

    def add(self, thread: int | None) -> int:
        return add_comment(**self.place, text=self.text, thread=thread, by=self.by).pk

    def thread_here(self) -> int:
        """Return the thread of the comment that is meant. Raises NotFound for one of another field."""
        found = Comment.objects.filter(**self.place, pk=self.number).values_list("thread_id", flat=True)
        if not found:
            raise NotFound("There is no such comment here.")
        return found[0] or self.number


def show_field(
    request: HttpRequest, kind: str, code: str, field: str,
    failed: Doing | None = None, said: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    entry = held_copy().document.get(kind, {}).get(code)
    title = title_in(entry, code)
    context = {
        **admin.site.each_context(request),
        "title": _("Comments on “%(title)s”: %(field)s") % {"title": title, "field": comment_fields(kind)[field]},
        "threads": [
            (thread, answer_form(thread.number, failed), edit_forms(thread, failed))
            for thread in field_threads(kind, code, field, cast(User, request.user))
        ],
        "begin_form": form_for("begin-0", failed, _("New comment")),
        "failed": failed,
        "said": said,
        "address": edit_url(kind, code, field) if entry else "",
        "minutes": int(CHANGEABLE_FOR.total_seconds() // 60),
    }
    return TemplateResponse(request, "comments/field_comments.html", context, status=status)


def form_for(about: str, failed: Doing | None, label: str, initial: str = "") -> CommentForm:
    return CommentForm(about=about, label=label, initial=failed.text if failed and failed.about == about else initial)


def answer_form(thread: int, failed: Doing | None) -> CommentForm:
    return form_for(f"answer-{thread}", failed, _("Reply"))


def edit_forms(thread: Any, failed: Doing | None) -> list[tuple[Any, CommentForm | None]]:
    return [
        (one, form_for(f"edit-{one.number}", failed, _("Your comment"), one.text) if one.may_change else None)
        for one in thread.comments
    ]


def words_of(refusal: Refusal) -> str:
    """Return what is wrong and what to do, for who wrote."""
    if isinstance(refusal, NoLongerOpen):
        return _("Somebody resolved this thread or withdrew the comment meanwhile. Open it again to go on.")
    if isinstance(refusal, StepTooLate):
        return _("A comment can be changed for 15 minutes. Write an answer instead.")
    if isinstance(refusal, InvalidValue) and refusal.field == "names":
        return _(
            "No colleague who may see this text has that user name. Correct the name after the @, or leave it out."
        )
    return _("Write something that can be seen, at most 4,000 characters.")
