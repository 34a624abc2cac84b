"""The care desk's own pages below /admin/care/; each is named after its view."""

PAGES = []
