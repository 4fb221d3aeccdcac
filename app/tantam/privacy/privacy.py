"""What this room keeps about a person: their decisions."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tantam.lib.history import destroy_kept
from tantam.lib.scans import ScanKind
from tantam.privacy.models import Consent


def export(patient_id: int) -> dict[str, Any]:
    consents = Consent.objects.filter(patient_id=patient_id).select_related("text").order_by("id")
    consents = consents.prefetch_related("files")
    return {
        "consents": [
            {
                "purpose": consent.purpose,
                "decision": consent.decision,
                "decided_at": consent.decided_at.isoformat(),
                "decided_by": consent.decided_by,
                "representative": consent.representative_name,
                "relation": consent.representative_relation,
                "channel": consent.channel,
                "evidence": consent.evidence,
                "files": [
                    {
                        "media_type": ScanKind(file.kind).media_type,
                        "sha256": file.sha256,
                        "content": b64encode(file.content).decode(),
                    }
                    for file in consent.files.all()
                ],
                "text_version": consent.text.version if consent.text else None,
                "text_sha256": consent.text.sha256 if consent.text else None,
            }
            for consent in consents
        ]
    }


def shred(patient_id: int) -> None:
    destroy_kept("privacy_consentevidence", patient_id)
    destroy_kept("privacy_consent", patient_id)
