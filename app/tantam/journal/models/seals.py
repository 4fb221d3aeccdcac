from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models.functions import Now

from tantam.journal.rules.chain import Link, Row, absent_between, digest_of, marks_of
from tantam.lib.append_only import append_only

MOST_AT_ONCE: Final = 20_000
SETTLED_AFTER: Final = timedelta(days=1)
"""So long an id that was missing is looked for: no transaction runs longer."""

# Everything an entry says, in a form that no setting of the session changes.
SAID: Final = """sha256(convert_to(ROW(id, (extract(epoch FROM at) * 1000000)::bigint, event, actor_id, subject_type,
                 subject_id, patient_id, site_id, details)::text, 'UTF8'))"""
_NEXT: Final = f"SELECT id, {SAID} FROM journal_entry WHERE id > %s ORDER BY id LIMIT %s"
# A number missing from the ids was given up, or is held by a transaction that is still writing: it is looked for
# until a seal was made after the last transaction that could hold it. A minute more, because a number is taken a
# moment before its transaction is counted as writing.
_LATE: Final = f"""
    SELECT id, {SAID} FROM (
        SELECT entry.* FROM journal_seal seal
        CROSS JOIN LATERAL generate_series(1, cardinality(seal.absent), 2) AS place
        JOIN journal_entry entry ON entry.id BETWEEN seal.absent[place] AND seal.absent[place + 1]
        WHERE seal.absent <> '{{}}' AND seal.sealed_at > now() - %s::interval
          AND (seal.horizon > %s OR seal.sealed_at > now() - interval '1 minute')
          AND NOT EXISTS (SELECT 1 FROM journal_seal later
                          WHERE later.late <> '{{}}' AND later.number > seal.number AND entry.id = ANY(later.late))
    ) entry ORDER BY id"""
_OLDEST: Final = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_HORIZON: Final = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_ONE_AT_A_TIME: Final = "SELECT pg_try_advisory_xact_lock(%s)"
_LOCK: Final = 0x7E5EA1


class SealQuerySet(models.QuerySet["Seal"]):
    def extend(self) -> Seal | None:
        """Seal what was written since the last seal, at most 20,000 entries; None when there is nothing.

        No writer waits for this and this waits for no writer: what is still being written is sealed when it has
        been. Of several callers at once one works and the others get None.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ONE_AT_A_TIME, [_LOCK])
            if cursor.fetchone() != (True,):
                return None
            last = self.order_by("-number").first()
            after = last.upto if last else 0
            number = last.number + 1 if last else 1
            # Before looking: what a transaction older than this wrote is seen below.
            cursor.execute(_OLDEST)
            (oldest,) = cursor.fetchone()
            cursor.execute(_NEXT, [after, MOST_AT_ONCE])
            rows = [(pk, bytes(said)) for pk, said in cursor.fetchall()]
            cursor.execute(_LATE, [f"{SETTLED_AFTER.days} days", last.oldest if last else 0])
            late = [(pk, bytes(said)) for pk, said in cursor.fetchall()]
            if not rows and not late:
                return None
            cursor.execute(_HORIZON)
            (horizon,) = cursor.fetchone()
            ids = [pk for pk, _ in rows]
            link = Link(
                number,
                after,
                ids[-1] if ids else after,
                absent_between(after, ids),
                tuple(pk for pk, _ in late),
            )
            sealed: list[Row] = [*late, *rows]
            return self.create(
                number=number,
                after=after,
                upto=link.upto,
                absent=list(link.absent),
                late=list(link.late),
                oldest=oldest,
                horizon=horizon,
                entries=len(sealed),
                marks=marks_of(sealed),
                digest=digest_of(link, sealed, previous=bytes(last.digest) if last else b""),
            )


class Seal(models.Model):
    """A link of the chain over the journal: what the entries of a stretch of ids said when it was made (D9).

    Changing, removing or adding an entry afterwards, by whatever means, no longer fits its digest; changing a
    seal no longer fits the next one, and removing the last ones no longer fits the head kept outside.
    """

    number = models.BigIntegerField(primary_key=True)
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    absent = ArrayField(models.BigIntegerField(), default=list)
    late = ArrayField(models.BigIntegerField(), default=list)
    oldest = models.BigIntegerField()  # every transaction below it had ended before this seal looked
    horizon = models.BigIntegerField()  # no transaction from here on can hold an id up to `upto`
    entries = models.IntegerField()
    marks = models.BinaryField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SealQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["sealed_at"], name="seal_with_gaps", condition=~models.Q(absent=[])),
            models.Index(fields=["number"], name="seal_with_late", condition=~models.Q(late=[])),
        )
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}: {self.after}-{self.upto}"

    @property
    def link(self) -> Link:
        return Link(self.number, self.after, self.upto, tuple(self.absent), tuple(self.late))
