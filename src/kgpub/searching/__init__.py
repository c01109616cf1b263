"""Finding things by what they are called: the text index, how words are compared, why a hit matched."""
