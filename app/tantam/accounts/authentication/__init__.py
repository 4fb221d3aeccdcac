"""How members sign in: the seams to django-allauth, the session store, one-time tokens."""
