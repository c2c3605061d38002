"""LlamaIndex: SimpleDirectoryReader, VectorStoreIndex over a local encoder."""

from llama_index.core import (
    Settings,
    SimpleDirectoryReader,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.embeddings.huggingface import HuggingFaceEmbedding


def build(folder, home, encoder):
    Settings.embed_model = HuggingFaceEmbedding(model_name=encoder)
    documents = SimpleDirectoryReader(folder).load_data()
    index = VectorStoreIndex.from_documents(documents)
    index.storage_context.persist(persist_dir=home)
    return index


def reopen(home, encoder):
    Settings.embed_model = HuggingFaceEmbedding(model_name=encoder)
    return load_index_from_storage(StorageContext.from_defaults(persist_dir=home))


def search(index, question, k):
    found = index.as_retriever(similarity_top_k=k).retrieve(question)
    return [node.metadata["file_name"] for node in found]
