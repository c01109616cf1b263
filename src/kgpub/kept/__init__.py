"""What a snapshot keeps beside its store, as it is read when the site is served."""
