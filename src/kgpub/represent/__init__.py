"""A description as bytes: pure, without engine, network or clock."""
