"""A cross-encoder orders what was retrieved: a real one, small and with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import Document, Hit
from rag import Assistant, Done, ModelUnavailable, Settings, StepDone
from rag.answering.reader import SHIPPED
from rag.answering.reranking import Reranker

QUESTION = "Who leads the team?"
TEXTS = (
    "The team is led by Gu Mingyuan.",
    "It rained all day.",
    "团队由顾明远带领。",
    "Tea is green.",
)


def made(folder: Path, labels: int = 1) -> Path:
    import torch
    from transformers import (
        PreTrainedTokenizerFast,
        XLMRobertaConfig,
        XLMRobertaForSequenceClassification,
    )

    torch.manual_seed(3)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(SHIPPED / "tokenizer.json"), pad_token="[PAD]", cls_token="[CLS]",
        sep_token="[SEP]", unk_token="[UNK]",
    )  # fmt: skip
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=130, num_labels=labels, pad_token_id=0,
        initializer_range=0.5,
    )  # fmt: skip
    XLMRobertaForSequenceClassification(config).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("reranker"))


def test_hits_come_in_the_order_of_the_models_own_scores(folder: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    hits = [Hit("a", i, i + 1, text, 1.0 - i / 10) for i, text in enumerate(TEXTS)]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    pairs = tokenizer([QUESTION] * 4, list(TEXTS), padding=True, return_tensors="pt")
    with torch.inference_mode():
        logits = model(**pairs).logits[:, 0].tolist()
    expected = [hits[i] for i in sorted(range(4), key=lambda i: -logits[i])]
    reranker = Reranker(str(folder), "tiny")
    assert reranker.ranked(QUESTION, hits, 4) == expected != hits
    assert reranker.ranked(QUESTION, hits, 2) == expected[:2]
    assert reranker.ranked(QUESTION, [], 2) == []


def test_a_profile_with_one_tells_of_its_step_and_keeps_k(folder: Path) -> None:
    documents = [Document(str(i), "", text * 3, f"{i}.txt", "en") for i, text in enumerate(TEXTS)]
    settings = Settings(reranker=str(folder), k=2)
    assistant = Assistant.from_documents(documents, profile=settings)
    events = list(assistant.stream(QUESTION))
    steps = [event.step for event in events if isinstance(event, StepDone)]
    assert steps[:3] == ["condense", "retrieve", "rank"]
    assert isinstance(events[-1], Done)
    assert len(events[-1].answer.hits) == 2


def test_what_is_no_reranker_is_told(tmp_path: Path) -> None:
    two = Reranker(str(made(tmp_path / "two", labels=2)), "two-labels")
    with pytest.raises(ModelUnavailable, match="gives 2 scores"):
        two.ranked(QUESTION, [Hit("a", 0, 1, "x", 1.0)], 1)
    (tmp_path / "two" / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ModelUnavailable, match="--reranker"):
        Reranker(str(tmp_path / "two"), "damaged").ranked("?", [Hit("a", 0, 1, "x", 1.0)], 1)


def test_the_large_profile_names_one_and_misses_it() -> None:
    from rag import missing_weights

    settings = Settings.of("large")
    assert settings.reranker == "BAAI/bge-reranker-v2-m3"
    assert settings.reranker in missing_weights(settings)
