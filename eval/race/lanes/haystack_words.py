"""Haystack without a download: converter, splitter and BM25 over the in-memory store."""

from pathlib import Path

from haystack import Pipeline
from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore


def build(folder, home, encoder):
    store = InMemoryDocumentStore()
    indexing = Pipeline()
    indexing.add_component("converter", TextFileToDocument())
    indexing.add_component("splitter", DocumentSplitter(split_by="word", split_length=200))
    indexing.add_component("writer", DocumentWriter(store))
    indexing.connect("converter", "splitter")
    indexing.connect("splitter", "writer")
    indexing.run({"converter": {"sources": sorted(Path(folder).glob("*.txt"))}})
    store.save_to_disk(home)
    return InMemoryBM25Retriever(store)


def reopen(home, encoder):
    return InMemoryBM25Retriever(InMemoryDocumentStore.load_from_disk(home))


def search(retriever, question, k):
    found = retriever.run(query=question, top_k=k)["documents"]
    return [document.meta["file_path"] for document in found]
