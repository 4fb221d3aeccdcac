"""How fast an import is, end to end into a database of its own: FHIR resources and sheet rows a second, memory.

    python bench/import_speed.py [--json] [--quick] [--seconds N] [--fhir PATH]

One process reads, checks and writes, as `./tantam import` does. `--fhir` measures real files instead of
invented ones. Needs DATABASE_URL with the right to make a database, which is dropped at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "app")]

LARGE_FILE = 1_000_000_000
FULL_FROM_SECONDS = 240
FAMILY_NAMES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
MIDDLE_NAMES = "Văn Thị Hồng Minh Ngọc Thanh Quốc Đức Thu Kim"
GIVEN_NAMES = "An Bình Chi Dũng Giang Hà Hương Khánh Lan Mai Nam Phong Quân Sơn Trang Uyên Vân Xuân Yến Hạnh"
FAMILIES, MIDDLES, GIVEN = (names.split() for names in (FAMILY_NAMES, MIDDLE_NAMES, GIVEN_NAMES))
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CALL_LIST_HEADER = "Họ và tên;Ngày sinh;SĐT;Chẩn đoán;Ngày tái khám"
ENCOUNTERS_HEADER = (
    "Mã BN;Họ và tên;Ngày sinh;Giới tính;SĐT;Địa chỉ;"
    "Ngày khám;Bác sĩ;Chẩn đoán;Mã ICD;Đơn thuốc;Ngày tái khám"
)


def name(chance: random.Random) -> str:
    return " ".join(
        (chance.choice(FAMILIES), chance.choice(MIDDLES), chance.choice(GIVEN), chance.choice(GIVEN))
    )


def _coded(system: str, code: str, text: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": text}], "text": text}


def resources_of(number: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """One patient as a hospital's export tells them: about half of the resources are of types we only count."""
    about = {"reference": f"Patient/p{number}"}
    yield {
        "resourceType": "Patient",
        "id": f"p{number}",
        "name": [{"use": "official", "text": name(chance)}],
        "gender": chance.choice(("male", "female")),
        "birthDate": f"{chance.randint(1935, 2015)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "telecom": [{"system": "phone", "value": f"09{chance.randint(10_000_000, 99_999_999)}"}],
        "address": [
            {"line": [f"{chance.randint(1, 300)} Lý Thường Kiệt"], "state": "Hà Nội", "country": "VN"}
        ],
    }
    if number % 50 == 0:
        yield {"resourceType": "Practitioner", "id": f"d{number}", "name": [{"text": f"BS. {name(chance)}"}]}
    doctor = {"reference": f"Practitioner/d{number - number % 50}"}
    for encounter in range(10):
        day = f"20{chance.randint(18, 25)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        held = {"reference": f"Encounter/e{number}-{encounter}"}
        yield {
            "resourceType": "Encounter",
            "id": f"e{number}-{encounter}",
            "status": "finished",
            "class": {"code": "AMB"},
            "type": [_coded(SNOMED, "185347001", "Khám bệnh theo yêu cầu")],
            "subject": about,
            "participant": [{"individual": doctor}],
            "period": {"start": f"{day}T08:00:00+07:00", "end": f"{day}T08:30:00+07:00"},
        }
        yield from _of_encounter(f"{number}-{encounter}", about, held, day, chance)


def _of_encounter(
    number: str, about: dict[str, str], held: dict[str, str], day: str, chance: random.Random
) -> Iterator[dict[str, Any]]:
    common = {"subject": about, "encounter": held}
    yield {
        "resourceType": "Condition",
        "id": f"c{number}",
        "code": _coded("http://hl7.org/fhir/sid/icd-10", "I10", "Tăng huyết áp vô căn"),
        "onsetDateTime": day,
        **common,
    }
    yield {
        "resourceType": "MedicationRequest",
        "id": f"m{number}",
        "status": "active",
        "intent": "order",
        "authoredOn": day,
        "medicationCodeableConcept": _coded(RXNORM, "329528", "Amlodipin 5 mg viên nén"),
        **common,
    }
    measured = (("8302-2", "cm", 165), ("29463-7", "kg", 60), ("8867-4", "/min", 74), ("2345-7", "mg/dL", 98))
    for place, (code, unit, value) in enumerate((*measured, ("718-7", "g/dL", 13), ("2160-0", "mg/dL", 1))):
        yield {
            "resourceType": "Observation",
            "id": f"o{number}-{place}",
            "status": "final",
            "code": _coded(LOINC, code, code),
            "effectiveDateTime": f"{day}T08:10:00+07:00",
            "valueQuantity": {"value": value + chance.random(), "unit": unit, "code": unit},
            **common,
        }
    for kind in ("Claim", "ExplanationOfBenefit", "Procedure", "Immunization", "DiagnosticReport"):
        items = [{"sequence": n, "productOrService": _coded(SNOMED, "1", "Dịch vụ " * 20)} for n in range(6)]
        yield {"resourceType": kind, "id": f"{kind}{number}", "patient": about, "item": items}


def write_fhir(path: Path, *, patients: int = 0, size: int = 0) -> int:
    """A bundle of so many patients, or of so many bytes; answers how many resources it holds."""
    chance, count, patient = random.Random(7), 0, 0
    with path.open("w", encoding="utf-8") as out:
        out.write('{"resourceType":"Bundle","type":"collection","entry":[')
        while patient < patients or out.tell() < size:
            for item in resources_of(patient, chance):
                out.write(("," if count else "") + json.dumps({"resource": item}, ensure_ascii=False))
                count += 1
            patient += 1
        out.write("]}")
    return count


def write_call_list(path: Path, rows: int) -> None:
    """What a care department keeps by hand: each row gives a patient, a diagnosis and a re-examination date."""
    chance = random.Random(11)
    with path.open("w", encoding="utf-8-sig") as out:
        out.write(CALL_LIST_HEADER + "\n")
        for _number in range(rows):
            day = _day(chance)
            birth, phone = f"{day}/{chance.randint(1935, 2015)}", _phone(chance)
            out.write(";".join((name(chance), birth, phone, "Tăng huyết áp", f"{day}/2026")) + "\n")


def write_encounters(path: Path, rows: int) -> None:
    """What a hospital's program exports: each row gives a visit and a prescription besides."""
    chance = random.Random(7)
    doctors = [f"BS. {name(chance)}" for _ in range(60)]
    with path.open("w", encoding="utf-8-sig") as out:
        out.write(ENCOUNTERS_HEADER + "\n")
        for number in range(rows):
            day = _day(chance)
            cells = (
                f"KH-{number:07}",
                name(chance),
                f"{day}/{chance.randint(1935, 2015)}",
                chance.choice(("Nam", "Nữ")),
                _phone(chance),
                f"{chance.randint(1, 300)} Lý Thường Kiệt, Hà Nội",
                f"{day}/2025",
                chance.choice(doctors),
                "Tăng huyết áp",
                "I10",
                "Amlodipin 5mg",
                f"{day}/2026",
            )
            out.write(";".join(cells) + "\n")


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}"


def _phone(chance: random.Random) -> str:
    return f"09{chance.randint(10_000_000, 99_999_999)}"


def take_in(path: Path, source_name: str) -> dict[str, Any]:
    """Import one path in this process; what it took, and the most memory this process ever held."""
    import django

    django.setup()
    from tantam.exchange.engine import running
    from tantam.exchange.models import Source
    from tantam.exchange.operations.runs import name_files, start_applying, start_reading
    from tantam.exchange.operations.sources import add_source
    from tantam.facility.models import Organisation, Site

    Organisation.objects.get_or_create(pk=1, defaults={"name": "Bệnh viện"})
    site, _made = Site.objects.get_or_create(code="bench", defaults={"name": "Bệnh viện"})
    source = Source.objects.filter(name=source_name).first()
    source = source or add_source(name=source_name, site=site, actor=None)
    started, processor = time.perf_counter(), time.process_time()
    run = name_files(source, paths=[path], actor=None)
    start_reading(run, in_background=False, actor=None)
    run = running.read_and_check(run.pk)
    checked = time.perf_counter()
    start_applying(run, in_background=False, actor=None)
    run = running.apply(run.pk)
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "state": run.state,
        "taken": sum(run.counts["resources"].values()),
        "written": sum(tally.get("created", 0) for tally in run.counts["applied"].values()),
        "seconds": round(ended - started, 2),
        "checking_seconds": round(checked - started, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
        "peak_mb": round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024)),
    }


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """The environment of a migrated database that is there for this measurement only."""
    import psycopg
    from psycopg import sql

    given = os.environ["DATABASE_URL"]
    label = f"bench_import_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(label)))
        try:
            url = urlunsplit(urlsplit(given)._replace(path=f"/{label}"))
            path = os.pathsep.join((str(CHECKOUT / "app"), str(CHECKOUT), os.environ.get("PYTHONPATH", "")))
            values = {
                **os.environ,
                "DATABASE_URL": url,
                "PYTHONPATH": path,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "TANTAM_DEBUG": "0",  # with debugging on, Django keeps every statement
            }
            with psycopg.connect(url, autocommit=True) as database:
                for extension in ("pg_trgm", "unaccent", "btree_gist", "btree_gin"):
                    database.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
            command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
            subprocess.run(command, env=values, check=True)
            yield values
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(label)))


def _in_a_process(path: Path, source: str, values: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--take-in", str(path), "--source", source],
        env=values,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def run(limit_seconds: int, *, fhir: Path | None = None) -> dict[str, Any]:
    """Measure within about so many seconds. The file of 1 GB, and `peak_mb`, only from four minutes on."""
    quick = limit_seconds < 60
    with tempfile.TemporaryDirectory(prefix="tantam-import-") as folder, own_database() as values:
        place = Path(folder)
        rows = 2_000 if quick else 20_000
        write_call_list(place / "calls.csv", rows)
        write_encounters(place / "encounters.csv", rows)
        if fhir is None:
            write_fhir(place / "bundle.json", patients=20 if quick else 150)
        taken = {
            "calls": _in_a_process(place / "calls.csv", "Calls", values),
            "encounters": _in_a_process(place / "encounters.csv", "Encounters", values),
            "fhir": _in_a_process(fhir or place / "bundle.json", "FHIR", values),
        }
        found: dict[str, Any] = taken | {
            f"{kind}_per_s": round(one["taken"] / one["seconds"]) for kind, one in taken.items()
        }
        if limit_seconds >= FULL_FROM_SECONDS:
            large = place / "large.json"
            write_fhir(large, size=LARGE_FILE)
            found["large"] = _in_a_process(large, "Large", values) | {"bytes": large.stat().st_size}
            found["peak_mb"] = found["large"]["peak_mb"]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    parser.add_argument("--quick", action="store_true", help="small files; no figure for memory")
    parser.add_argument("--seconds", type=int, default=900, help="about how long it may take")
    parser.add_argument("--fhir", type=Path, help="measure this file or folder instead of an invented one")
    parser.add_argument("--take-in", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--source", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.take_in:
        print(json.dumps(take_in(chosen.take_in, chosen.source)))
        return 0
    found = run(30 if chosen.quick else chosen.seconds, fhir=chosen.fhir)
    if chosen.json:
        print(json.dumps(found))
        return 0
    print(f"FHIR     {found['fhir_per_s']:>8,} resources/s   {found['fhir']}")
    print(f"calls    {found['calls_per_s']:>8,} rows/s        {found['calls']}")
    print(f"visits   {found['encounters_per_s']:>8,} rows/s        {found['encounters']}")
    if "peak_mb" in found:
        print(f"memory   {found['peak_mb']:>8,} MB at most with {found['large']['bytes']:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
