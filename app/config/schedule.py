"""Every recurring job, one line each. Times are UTC; the worker reads this file when it starts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tantam.accounts.jobs import forget_ended_sessions
from tantam.care.jobs import plan_contacts
from tantam.exchange.jobs import sweep_uploads, take_up
from tantam.journal.jobs import forget_done_jobs, keep_sealing
from tantam.privacy.jobs import watch_looks

app.periodic(cron="*/15 * * * *", periodic_id="care")(plan_contacts)
app.periodic(cron="10 19 * * *", periodic_id="sessions")(forget_ended_sessions)
app.periodic(cron="20 19 * * *", periodic_id="jobs")(forget_done_jobs)
app.periodic(cron="* * * * *", periodic_id="imports")(take_up)
app.periodic(cron="40 * * * *", periodic_id="uploads")(sweep_uploads)
app.periodic(cron="* * * * *", periodic_id="seals")(keep_sealing)
app.periodic(cron="* * * * *", periodic_id="looks")(watch_looks)
