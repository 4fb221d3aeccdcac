"""The pages of care: rules, work list, dashboard, and the call."""
