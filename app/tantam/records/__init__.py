"""The record: encounters, diagnoses, prescriptions, vital signs, allergies, re-examination dates, one timeline."""
