"""The hospital's own database: FHIR and sheets taken in, checked, kept traceable (B5)."""
