"""Haystack: converter, splitter, embedders and retriever over the in-memory store."""

from pathlib import Path

from haystack import Pipeline
from haystack.components.converters import TextFileToDocument
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


def build(folder, home, encoder):
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    indexing = Pipeline()
    indexing.add_component("converter", TextFileToDocument())
    indexing.add_component("splitter", DocumentSplitter(split_by="word", split_length=200))
    indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=encoder))
    indexing.add_component("writer", DocumentWriter(store))
    indexing.connect("converter", "splitter")
    indexing.connect("splitter", "embedder")
    indexing.connect("embedder", "writer")
    indexing.run({"converter": {"sources": sorted(Path(folder).glob("*.txt"))}})
    store.save_to_disk(home)
    return _querying(store, encoder)


def reopen(home, encoder):
    return _querying(InMemoryDocumentStore.load_from_disk(home), encoder)


def _querying(store, encoder):
    querying = Pipeline()
    querying.add_component("embedder", SentenceTransformersTextEmbedder(model=encoder))
    querying.add_component("retriever", InMemoryEmbeddingRetriever(store))
    querying.connect("embedder.embedding", "retriever.query_embedding")
    return querying


def search(querying, question, k):
    found = querying.run({"embedder": {"text": question}, "retriever": {"top_k": k}})
    return [document.meta["file_path"] for document in found["retriever"]["documents"]]
