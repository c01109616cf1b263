"""What ``kgpub validate``, ``check`` and ``shapes lint`` have to say about files, and how it is written.

Each command makes a ``Log`` of ``entries``; ``text``, ``page`` (HTML), ``sarif``, ``junit`` and ``github`` write one,
``excerpts`` gives the lines of the files, ``groups`` puts together what belongs together.
"""
