"""Yinju: read a folder, search it."""

from rag import Assistant


def build(folder, home, encoder):  # the shipped encoder and BM25 together
    return Assistant.from_paths([folder], home=home)


def reopen(home, encoder):
    return Assistant.from_home(home)


def search(assistant, question, k):
    documents = assistant.corpus.documents
    return [documents[hit.document_id].source for hit in assistant.search(question, k)]
