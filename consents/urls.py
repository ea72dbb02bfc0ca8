"""URLs of a person's requests, decisions, rules, exports and notices, and of their overview."""

from django.urls import path

from consents.asking import decision_views as decisions
from consents.asking import request_views as requests
from consents.asking import rule_views as rules
from consents.authorities import views as authorities
from consents.exports import handed_views as handed
from consents.exports import views as exports
from consents.incidents import views as incidents
from consents.notices import views as notices
from consents.overview import views as overview
from consents.provable import views as provable
from consents.recalls import answer_views as recall_answers
from consents.recalls import views as recalls
from consents.receipts import views as receipts
from consents.representatives import views as representatives
from consents.sandbox import views as sandbox
from consents.stopping import views as stopping

urlpatterns = [
    path("my/", overview.overview, name="overview"),
    path("my/recipients/", overview.my_recipient_list, name="my_recipient_list"),
    path("my/recipients/<slug:code>/", overview.my_recipient, name="my_recipient"),
    path("my/items/<slug:code>/", overview.my_item, name="my_item"),
    path("my/disclosures/<uuid:id>/authority/", authorities.authority_pack, name="authority_pack"),
    path("my/requests/", requests.request_list, name="request_list"),
    path("my/requests/<uuid:id>/", requests.approval_request, name="approval_request"),
    path("my/requests/<uuid:id>/decisions/", requests.decision_create, name="decision_create"),
    path("my/decisions/", decisions.decision_list, name="decision_list"),
    path("my/decisions/<uuid:id>/", decisions.decision, name="decision"),
    path("my/decisions/<uuid:id>/withdrawals/", decisions.withdrawal_create, name="withdrawal_create"),
    path("my/decisions/<uuid:id>/change/", decisions.decision_change, name="decision_change"),
    path("my/decisions/<uuid:id>/changes/", decisions.change_create, name="change_create"),
    path("my/decisions/<uuid:id>/undoings/", decisions.undoing_create, name="undoing_create"),
    path("my/decisions/<uuid:id>/receipt/", receipts.receipt, name="receipt"),
    path("my/decisions/<uuid:id>/receipt.json", receipts.receipt_json, name="receipt_json"),
    path("my/decisions/<uuid:id>/receipt.jsonld", receipts.receipt_jsonld, name="receipt_jsonld"),
    path("my/decisions/<uuid:id>/receipt.jws", receipts.receipt_jws, name="receipt_jws"),
    path("my/decisions/<uuid:id>/receipt.pdf", receipts.receipt_pdf, name="receipt_pdf"),
    path("my/rules/", rules.rule_list, name="rule_list"),
    path("my/rules/preview/", rules.rule_preview, name="rule_preview"),
    path("my/rules/versions/", rules.rule_create, name="rule_create"),
    path("my/stop/", stopping.stop, name="stop"),
    path("my/stop/stoppings/", stopping.stopping_create, name="stopping_create"),
    path("my/stop/undoings/", stopping.stopping_undo, name="stopping_undo"),
    path("my/recalls/", recalls.my_recall_list, name="my_recall_list"),
    path("my/recalls/new/", recalls.my_recall_new, name="my_recall_new"),
    path("my/recalls/filings/", recalls.my_recall_create, name="my_recall_create"),
    path("my/recalls/<uuid:id>/", recalls.my_recall, name="my_recall"),
    path("my/recalls/<uuid:id>/takings-back/", recalls.my_recall_take_back, name="my_recall_take_back"),
    path("recalls/<str:token>/", recall_answers.recall_answer, name="recall_answer"),
    path("my/export/", exports.export, name="export"),
    path("my/export/<uuid:id>/", exports.export_status, name="export_status"),
    path("my/export/<uuid:id>/file/", exports.export_fetch, name="export_fetch"),
    path("handed/<str:token>/", handed.one_time_file, name="one_time_file"),
    path("handed/<str:token>/closings/", handed.one_time_file_close, name="one_time_file_close"),
    path("handed/<str:token>/file/", handed.one_time_file_fetch, name="one_time_file_fetch"),
    path("my/record/", provable.record, name="record_check"),
    path("my/record/proof.json", provable.proof, name="record_proof"),
    path("my/record/<key:number>.tlog-proof", provable.row_proof, name="record_row_proof"),
    path("my/record/proof-file.json", provable.proof_file, name="record_proof_file"),
    path("my/incidents/<uuid:id>/", incidents.my_incident, name="my_incident"),
    path("my/representatives/", representatives.my_representative_list, name="my_representative_list"),
    path("my/representatives/<uuid:id>/endings/", representatives.representation_end, name="representation_end"),
    path(
        "my/representatives/<uuid:id>/resignations/",
        representatives.representation_resign,
        name="representation_resign",
    ),
    path("my/representatives/<uuid:id>/acting/", representatives.acting_create, name="acting_create"),
    path("my/acting/endings/", representatives.acting_end, name="acting_end"),
    path("my/notices/", notices.notice_list, name="notice_list"),
    path("my/notices/readings/", notices.reading_create, name="reading_create"),
    path("my/settings/", notices.my_settings, name="my_settings"),
    path("sandbox/log-in/<str:token>/", sandbox.log_in, name="sandbox_log_in"),
    path("notices/unsubscribe/<str:token>/", notices.unsubscribe, name="unsubscribe"),
]
