"""txtai: embeddings with content over a local encoder."""

from pathlib import Path

from txtai import Embeddings


def build(folder, home, encoder):
    embeddings = Embeddings(path=encoder)
    embeddings.index((p.name, p.read_text("utf-8")) for p in sorted(Path(folder).glob("*.txt")))
    embeddings.save(home)
    return embeddings


def reopen(home, encoder):
    embeddings = Embeddings()
    embeddings.load(home)
    return embeddings


def search(embeddings, question, k):
    return [name for name, _ in embeddings.search(question, k)]
