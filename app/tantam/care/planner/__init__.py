"""The planner's machine: which days, which patients, and the statements that write contacts."""
