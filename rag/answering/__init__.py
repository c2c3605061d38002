"""From a question and what was retrieved to a draft: which sentences answer, and with what."""

from rag.answering.drafts import Answerer, Draft, Found
from rag.answering.extractive import Extractive

__all__ = ["Answerer", "Draft", "Extractive", "Found"]
