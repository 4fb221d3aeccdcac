"""What a patient agreed to, by purpose and with proof, and who looked at their record (A10, D9)."""
