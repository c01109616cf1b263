"""Make a snapshot out of a site's files: everything that is written when ``kgpub build`` runs."""
