"""The staff's face: home, search, the patient's page, the doctor's page, dashboards. It owns no tables."""
