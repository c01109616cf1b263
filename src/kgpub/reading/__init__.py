"""Files of RDF as their authors left them: packed or plain, in whatever format and encoding, sound or damaged.

``kind_of`` tells what a file is, ``ladder.tried`` how much has to be forgiven to read it, ``streams.quads`` reads it:
term for term, with lines, in bounded memory. Nothing is fetched, and nothing but regular files is opened.
"""
