"""A small believable world for `manage.py demo`: people.py says who, the other files what happened to them."""
