from __future__ import annotations

from django.db import migrations

# Runs as the owner of the tables: the product's own role may add to them and no more (docs/decisions/0081).
CREATE = """
CREATE FUNCTION tantam_destroy_kept(kept regclass, patient bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    name text;
    columns text[];
    gone bigint;
    lifted_before text := coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}');
BEGIN
    SELECT c.relname, array_agg(a.attname::text) INTO name, columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.oid = kept AND c.relnamespace = 'public'::regnamespace
     GROUP BY c.relname;
    -- What refuses deletions on this one table rests for this one statement.
    PERFORM set_config('pgtrigger.ignore', coalesce((
        SELECT array_agg(t.tgname::text)::text FROM pg_trigger t
         WHERE t.tgrelid = kept AND NOT t.tgisinternal AND t.tgtype::int & 8 <> 0), '{}'), true);
    IF name = 'privacy_consent' THEN
        DELETE FROM privacy_consent WHERE patient_id = patient;
    ELSIF name = 'privacy_consentevidence' THEN
        DELETE FROM privacy_consentevidence e USING privacy_consent c
         WHERE c.id = e.consent_id AND c.patient_id = patient;
    ELSIF name = 'patients_patientevent' THEN
        DELETE FROM patients_patientevent WHERE pgh_obj_id = patient;
    ELSIF 'pgh_id' = ANY (columns) AND 'patient_id' = ANY (columns) THEN
        EXECUTE format('DELETE FROM public.%I WHERE patient_id = $1', name) USING patient;
    ELSE
        RAISE EXCEPTION '% keeps nothing that goes with a patient', kept;
    END IF;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', lifted_before, true);
    IF gone > 0 THEN
        INSERT INTO journal_entry (event, subject_type, subject_id, patient_id, details)
        VALUES ('privacy.kept:destroyed', 'patients.patient', patient, patient,
                jsonb_build_object('table', name, 'rows', gone));
    END IF;
    RETURN gone;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION tantam_destroy_kept(regclass, bigint)"),
    ]
