"""The dataset about itself: figures, the queries that give them again, VoID and DCAT."""
