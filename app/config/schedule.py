"""Every recurring job, one line each. Times are UTC; the worker reads this file when it starts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tantam.care.jobs import plan_contacts

app.periodic(cron="*/15 * * * *", periodic_id="care")(plan_contacts)
