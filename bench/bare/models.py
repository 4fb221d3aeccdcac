"""The product's own tables, read as plainly as can be."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Somebody(AbstractBaseUser):
    username = models.CharField(max_length=60, unique=True)

    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "accounts_member"


class Person(models.Model):
    code = models.CharField(max_length=30)
    full_name = models.CharField(max_length=160)
    birth_year = models.SmallIntegerField()
    province = models.CharField(max_length=80)
    last_encounter_on = models.DateField()

    class Meta:
        managed = False
        db_table = "patients_patient"

    def __str__(self) -> str:
        return self.full_name
