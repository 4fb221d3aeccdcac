"""What people fill in: the outcome and dialogs of a call, tasks, rules."""
