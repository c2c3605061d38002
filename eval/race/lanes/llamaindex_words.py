"""LlamaIndex without a download: SimpleDirectoryReader, SentenceSplitter, BM25Retriever."""

from llama_index.core import SimpleDirectoryReader
from llama_index.core.node_parser import SentenceSplitter
from llama_index.retrievers.bm25 import BM25Retriever


def build(folder, home, encoder):
    documents = SimpleDirectoryReader(folder).load_data()
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=10)
    retriever.persist(home)
    return retriever


def reopen(home, encoder):
    return BM25Retriever.from_persist_dir(home)


def search(retriever, question, k):
    return [node.metadata["file_name"] for node in retriever.retrieve(question)[:k]]
