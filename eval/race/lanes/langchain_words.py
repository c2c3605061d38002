"""LangChain without a download: loader, splitter, BM25Retriever, which can't be saved."""

from pathlib import Path

from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_community.retrievers import BM25Retriever
from langchain_text_splitters import RecursiveCharacterTextSplitter


def build(folder, home, encoder):
    documents = DirectoryLoader(
        folder, glob="*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"}
    ).load()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    Path(home).with_suffix(".source").write_text(str(folder))
    return BM25Retriever.from_documents(splitter.split_documents(documents))


def reopen(home, encoder):
    return build(Path(home).with_suffix(".source").read_text(), home, encoder)


def search(retriever, question, k):
    retriever.k = k
    return [found.metadata["source"] for found in retriever.invoke(question)]
