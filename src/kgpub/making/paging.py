"""How files of SQLite are written while a snapshot is made: sorted on disk, forced there at the end with all others."""

WORK = (
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE;"
    " PRAGMA cache_size=-32000; PRAGMA temp.cache_size=-32000;"
)
"""How the look-up file is written: forced to disk at the end with all others, sorted on disk, with so many kilobytes of
memory for pages of the file and for those of temporary tables."""
LARGE = "PRAGMA page_size=32768; PRAGMA temp.page_size=32768;"
"""How a file begins that is only written and sorted in: an eighth of the calls of the system that pages of the usual
size take."""
USUAL = "PRAGMA page_size=4096"
"""How such a file gets pages of the usual size, by the next ``VACUUM``, so that look-ups read little."""
