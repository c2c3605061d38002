"""Files, folders, uploads and bare text in, documents out.

One module a format (``plain``, ``markdown``, ``html``), each with ``read(data) -> Extract``; the
table from extension to reader is ``files.READERS``.
"""

from index.reading.files import MAX_BYTES, Reading, read, read_bytes, read_file, read_text

__all__ = ["MAX_BYTES", "Reading", "read", "read_bytes", "read_file", "read_text"]
