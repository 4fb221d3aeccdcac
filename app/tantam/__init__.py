"""Tận Tâm: patient relationship and care for private hospitals and dental clinics."""
