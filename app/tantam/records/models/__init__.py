from tantam.records.models.allergies import Allergy, AllergyKind, Certainty, Severity
from tantam.records.models.encounters import (
    Diagnosis,
    DiagnosisStatus,
    Encounter,
    EncounterKind,
    EncounterStatus,
    MealRelation,
    PrescriptionLine,
    PrescriptionStatus,
)
from tantam.records.models.follow_up import (
    CarePlan,
    ConditionChange,
    Reexamination,
    ReexaminationStatus,
    Trend,
)
from tantam.records.models.vital_signs import VitalKind, VitalSign

__all__ = [
    "Allergy",
    "AllergyKind",
    "CarePlan",
    "Certainty",
    "ConditionChange",
    "Diagnosis",
    "DiagnosisStatus",
    "Encounter",
    "EncounterKind",
    "EncounterStatus",
    "MealRelation",
    "PrescriptionLine",
    "PrescriptionStatus",
    "Reexamination",
    "ReexaminationStatus",
    "Severity",
    "Trend",
    "VitalKind",
    "VitalSign",
]
