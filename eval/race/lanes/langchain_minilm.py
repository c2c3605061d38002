"""LangChain: loader, splitter, FAISS over a sentence-transformers encoder."""

from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


def build(folder, home, encoder):
    documents = DirectoryLoader(
        folder, glob="*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"}
    ).load()
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks = splitter.split_documents(documents)
    store = FAISS.from_documents(chunks, HuggingFaceEmbeddings(model_name=encoder))
    store.save_local(home)
    return store


def reopen(home, encoder):
    embeddings = HuggingFaceEmbeddings(model_name=encoder)
    return FAISS.load_local(home, embeddings, allow_dangerous_deserialization=True)


def search(store, question, k):
    return [found.metadata["source"] for found in store.similarity_search(question, k=k)]
