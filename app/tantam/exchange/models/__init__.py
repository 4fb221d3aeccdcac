from __future__ import annotations

from tantam.exchange.models.identities import ImportedIdentity
from tantam.exchange.models.parts import RunPart
from tantam.exchange.models.questions import Answer, LikelyDuplicate, Question
from tantam.exchange.models.runs import FileState, ImportFile, ImportRun, RunState, no_counts
from tantam.exchange.models.sources import Source, SourceKind
from tantam.exchange.models.staged import PAYLOAD_CONTEXT, PROBLEMS_CONTEXT, StagedAlias, StagedItem, Verdict

__all__ = [
    "PAYLOAD_CONTEXT",
    "PROBLEMS_CONTEXT",
    "Answer",
    "FileState",
    "ImportFile",
    "ImportRun",
    "ImportedIdentity",
    "LikelyDuplicate",
    "Question",
    "RunPart",
    "RunState",
    "Source",
    "SourceKind",
    "StagedAlias",
    "StagedItem",
    "Verdict",
    "no_counts",
]
